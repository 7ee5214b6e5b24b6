// SPDX-License-Identifier: MIT

package mapring

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

const capacity = 65536

// Returns a producer and a consumer of a ring of its own, which is removed at the end.
func pair(t *testing.T, options Options) (*Producer, *Consumer) {
	t.Helper()
	ring := ringName(t)
	options.CapacityBytes = capacity
	producer, err := OpenProducer(ring, &options)
	must(t, err)
	consumer, err := OpenConsumer(ring, nil)
	must(t, err)
	t.Cleanup(func() {
		consumer.Close()
		producer.Close()
		Remove(ring, Local, true)
	})
	return producer, consumer
}

// Returns what is closed when the function has returned: a handle is used by one goroutine at a time.
func inBackground(do func()) chan bool {
	done := make(chan bool)
	go func() {
		defer close(done)
		do()
	}()
	return done
}

func ringName(t *testing.T) string {
	return fmt.Sprintf("test-go-%s-%d", t.Name(), os.Getpid())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustBe(t *testing.T, expected, err error) {
	t.Helper()
	if !errors.Is(err, expected) {
		t.Fatalf("%v, not %v", err, expected)
	}
}

func TestSeveralRecordsAreHeldAndReleasedTogether(t *testing.T) {
	producer, consumer := pair(t, Options{})
	for _, text := range []string{"one", "two", ""} {
		must(t, producer.Send([]byte(text), 0))
	}
	one, err := consumer.Next(0)
	must(t, err)
	two, err := consumer.Next(0)
	must(t, err)
	three, err := consumer.Next(0)
	must(t, err)
	if string(one.Payload)+string(two.Payload) != "onetwo" || len(three.Payload) != 0 || three.Sequence != 2 {
		t.Fatal(one, two, three)
	}
	must(t, consumer.Release())
	mustBe(t, ErrNothingHeld, consumer.Release())
	_, err = consumer.Next(0)
	mustBe(t, ErrNothing, err)
	_, err = consumer.Next(time.Millisecond)
	mustBe(t, ErrTimedOut, err)
}

func TestReservationsAreFilledInPlace(t *testing.T) {
	producer, consumer := pair(t, Options{})
	place, err := producer.Reserve(100, 0)
	must(t, err)
	mustBe(t, ErrHeld, producer.Send(nil, 0))
	mustBe(t, ErrArgument, producer.Commit(101))
	must(t, producer.Abort())
	place, err = producer.Reserve(100, 0)
	must(t, err)
	must(t, producer.Commit(copy(place, "kept")))
	mustBe(t, ErrNothingHeld, producer.Commit(1))
	record, err := consumer.Next(0)
	must(t, err)
	if string(record.Payload) != "kept" {
		t.Fatal(record)
	}
}

func TestFullRings(t *testing.T) {
	producer, _ := pair(t, Options{})
	var err error
	for err == nil {
		err = producer.Send(make([]byte, 1000), 0)
	}
	mustBe(t, ErrNoRoom, err)
	mustBe(t, ErrTimedOut, producer.Send(make([]byte, 1000), time.Millisecond))
	mustBe(t, ErrTimedOut, producer.Drain(time.Millisecond))
	mustBe(t, ErrRecordTooLarge, producer.Send(make([]byte, capacity), 0))
}

func TestLossesAreTold(t *testing.T) {
	producer, consumer := pair(t, Options{WhenFull: Drop, Times: true})
	var err error
	for err == nil {
		err = producer.Send(make([]byte, 1000), 0)
	}
	mustBe(t, ErrDropped, err)
	records := make([]Record, 1000)
	count, err := consumer.NextBatch(records, 0)
	must(t, err)
	if count < 30 || time.Since(records[0].Time) > time.Hour {
		t.Fatal(count, records[0].Time)
	}
	must(t, consumer.Release())
	must(t, producer.Send([]byte("after"), 0))
	_, err = consumer.Next(0)
	mustBe(t, ErrLost, err)
	var lost *LostError
	if !errors.As(err, &lost) || lost.Records != 1 || lost.Bytes != 1000 || lost.Since.IsZero() {
		t.Fatal(err)
	}
}

func TestBatches(t *testing.T) {
	producer, consumer := pair(t, Options{})
	records := make([]Record, 8)
	for i := 0; i < 1000; i++ {
		must(t, producer.SendBatch([][]byte{[]byte("a"), nil, []byte("bcd")}, 0))
		count, err := consumer.NextBatch(records, 0)
		must(t, err)
		if count != 3 || string(records[2].Payload) != "bcd" || len(records[1].Payload) != 0 {
			t.Fatal(records[:count])
		}
		must(t, consumer.Release())
	}
	mustBe(t, ErrArgument, producer.SendBatch(nil, 0))
	_, err := consumer.NextBatch(nil, 0)
	mustBe(t, ErrArgument, err)
	mustBe(t, ErrRecordTooLarge, producer.SendBatch([][]byte{make([]byte, 20000), make([]byte, 20000)}, 0))
}

func TestStreams(t *testing.T) {
	producer, consumer := pair(t, Options{})
	text := bytes.Repeat([]byte("some text, "), 20000) // more than the ring holds
	sent := inBackground(func() {
		defer producer.Close()
		if _, err := io.Copy(producer, bytes.NewReader(text)); err != nil {
			t.Error(err)
		}
	})
	read, err := io.ReadAll(consumer.Reader(context.Background()))
	must(t, err)
	<-sent
	if !bytes.Equal(text, read) {
		t.Fatalf("%d bytes came of %d", len(read), len(text))
	}
}

func TestEachInOtherGoroutines(t *testing.T) {
	const count = 20000
	producer, consumer := pair(t, Options{})
	sent := inBackground(func() {
		defer producer.Close()
		number := make([]byte, 4)
		for i := uint32(0); i < count; i++ {
			binary.LittleEndian.PutUint32(number, i)
			if err := producer.Send(number, Forever); err != nil {
				t.Error(err)
			}
		}
	})
	next := uint32(0)
	look := func(record Record) error {
		if number := binary.LittleEndian.Uint32(record.Payload); number != next {
			return fmt.Errorf("%d came, not %d", number, next)
		}
		next++
		if next == count/2 {
			return io.ErrShortBuffer
		}
		return nil
	}
	mustBe(t, io.ErrShortBuffer, consumer.Each(context.Background(), look))
	must(t, consumer.EachBatch(context.Background(), 64, func(records []Record) error {
		for _, record := range records {
			if err := look(record); err != nil {
				return err
			}
		}
		return nil
	}))
	<-sent
	if next != count {
		t.Fatal(next)
	}
}

func TestContextsEndWaits(t *testing.T) {
	_, consumer := pair(t, Options{})
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	_, err := consumer.NextContext(ctx)
	mustBe(t, context.DeadlineExceeded, err)
	ctx, cancel = context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		ended <- consumer.Each(ctx, func(Record) error { return nil })
	}()
	cancel()
	mustBe(t, context.Canceled, <-ended)
	_, err = consumer.Reader(ctx).Read(make([]byte, 1))
	mustBe(t, context.Canceled, err)
}

func TestObservers(t *testing.T) {
	producer, _ := pair(t, Options{})
	observer, err := OpenObserver(ringName(t), nil)
	must(t, err)
	defer observer.Close()
	must(t, producer.Send(make([]byte, 100), 0))
	_, err = observer.Receive(make([]byte, 10), 0)
	mustBe(t, ErrBufferTooSmall, err)
	var failure *Error
	if !errors.As(err, &failure) || failure.Needed != 100 {
		t.Fatal(err)
	}
	record, err := observer.Receive(make([]byte, 100), 0)
	must(t, err)
	if len(record.Payload) != 100 {
		t.Fatal(record)
	}
	_, err = observer.Receive(nil, 0)
	mustBe(t, ErrNothing, err)
}

func TestFailuresSayWhatWasWrong(t *testing.T) {
	_, err := OpenConsumer("test-go-missing", nil)
	mustBe(t, ErrNotThere, err)
	var failure *Error
	if !errors.As(err, &failure) || failure.Ring != "test-go-missing" || !strings.Contains(err.Error(), "missing") {
		t.Fatal(err)
	}
	_, err = OpenProducer("test-go-invalid", &Options{CapacityBytes: 12345})
	mustBe(t, ErrGeometry, err)
	producer, consumer := pair(t, Options{})
	must(t, producer.Close())
	must(t, producer.Close())
	must(t, consumer.Close())
	mustBe(t, ErrArgument, producer.Send([]byte("late"), 0))
	_, err = consumer.Next(0)
	mustBe(t, ErrArgument, err)
	mustBe(t, ErrArgument, consumer.Release())
}
