// SPDX-License-Identifier: MIT

// tests/languages/peer.c in Go.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"mapring"
)

const (
	batch        = 64
	benchBytes   = 64
	benchRecords = 128000
)

func printRecord(record mapring.Record) {
	number := map[bool]int{true: 1}
	fmt.Printf("record %d %d %d %x\n", record.Sequence, number[record.Continued], number[record.Continues],
		record.Payload)
}

// Tells what came instead of a record. Returns whether more can come, and otherwise the failure.
func tell(err error) (bool, error) {
	var lost *mapring.LostError
	var outcome mapring.Code
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &lost):
		fmt.Println("lost", lost.Sequence, lost.Records)
		return true, nil
	case errors.As(err, &outcome) && outcome > 0:
		fmt.Println("end", int(outcome))
		return false, nil
	}
	return false, err
}

func readConsumer(ring string, timeout time.Duration, limit int) error {
	consumer, err := mapring.OpenConsumer(ring, &mapring.ConsumerOptions{From: mapring.Oldest})
	if err != nil {
		return err
	}
	defer consumer.Close()
	records := make([]mapring.Record, limit)
	for {
		count := 1
		if limit == 1 {
			records[0], err = consumer.Next(timeout)
		} else {
			count, err = consumer.NextBatch(records, timeout)
		}
		if more, failure := tell(err); !more {
			return failure
		}
		if err == nil {
			for _, record := range records[:count] {
				printRecord(record)
			}
			err = consumer.Release()
		}
	}
}

func readObserver(ring string, timeout time.Duration) error {
	observer, err := mapring.OpenObserver(ring, &mapring.ObserverOptions{From: mapring.Oldest})
	if err != nil {
		return err
	}
	defer observer.Close()
	buffer := make([]byte, 100000)
	for {
		record, err := observer.Receive(buffer, timeout)
		if more, failure := tell(err); !more {
			return failure
		}
		if err == nil {
			printRecord(record)
		}
	}
}

func read(how, ring, milliseconds string) error {
	number, err := strconv.Atoi(milliseconds)
	if err != nil {
		return err
	}
	timeout := time.Duration(number) * time.Millisecond
	if number < 0 {
		timeout = mapring.Forever
	}
	switch how {
	case "observer":
		return readObserver(ring, timeout)
	case "batch":
		return readConsumer(ring, timeout, batch)
	}
	return readConsumer(ring, timeout, 1)
}

func hold(ring string) error {
	consumer, err := mapring.OpenConsumer(ring, nil)
	if err != nil {
		return err
	}
	defer consumer.Close()
	if _, err := consumer.NextContext(context.Background()); err != nil {
		return err
	}
	fmt.Println("held")
	_, err = io.ReadAll(os.Stdin)
	return err
}

func send(how, ring string) error {
	producer, err := mapring.OpenProducer(ring, nil)
	if err != nil {
		return err
	}
	defer producer.Close()
	fmt.Println("open")
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 100000)
	var records [][]byte
	flush := func() error {
		if len(records) == 0 {
			return nil
		}
		defer func() { records = nil }()
		return producer.SendBatch(records, mapring.Forever)
	}
	for lines.Scan() {
		if how == "send" {
			err = producer.Send(lines.Bytes(), mapring.Forever)
		} else if records = append(records, []byte(lines.Text())); len(records) == batch {
			err = flush()
		}
		if err != nil {
			return err
		}
	}
	return flush()
}

func sendEach(producer *mapring.Producer) error {
	payload := make([]byte, benchBytes)
	for i := 0; i < benchRecords; i++ {
		if err := producer.Send(payload, 0); err != nil {
			return err
		}
	}
	return nil
}

func sendBatches(producer *mapring.Producer) error {
	payloads := make([][]byte, batch)
	for i := range payloads {
		payloads[i] = make([]byte, benchBytes)
	}
	for i := 0; i < benchRecords; i += batch {
		if err := producer.SendBatch(payloads, 0); err != nil {
			return err
		}
	}
	return nil
}

func readEach(consumer *mapring.Consumer) error {
	sum := 0
	for i := 0; i < benchRecords; i++ {
		record, err := consumer.Next(0)
		if err != nil {
			return err
		}
		sum += int(record.Payload[0])
		if err := consumer.Release(); err != nil {
			return err
		}
	}
	return notZero(sum)
}

func readBatches(consumer *mapring.Consumer) error {
	records := make([]mapring.Record, batch)
	sum := 0
	for done := 0; done < benchRecords; {
		count, err := consumer.NextBatch(records, 0)
		if err != nil {
			return err
		}
		for _, record := range records[:count] {
			sum += int(record.Payload[0])
		}
		if err := consumer.Release(); err != nil {
			return err
		}
		done += count
	}
	return notZero(sum)
}

func notZero(sum int) error {
	if sum != 0 {
		return errors.New("the records are not those that were sent")
	}
	return nil
}

func measureRound(send func(*mapring.Producer) error, read func(*mapring.Consumer) error) error {
	const ring = "test-peer-bench-go"
	producer, err := mapring.OpenProducer(ring, &mapring.Options{CapacityBytes: 1 << 26, Prefault: true})
	if err != nil {
		return err
	}
	defer mapring.Remove(ring, mapring.Local, true)
	defer producer.Close()
	consumer, err := mapring.OpenConsumer(ring, &mapring.ConsumerOptions{Prefault: true})
	if err != nil {
		return err
	}
	defer consumer.Close()
	begin := time.Now()
	if err := send(producer); err != nil {
		return err
	}
	sent := time.Now()
	if err := read(consumer); err != nil {
		return err
	}
	end := time.Now()
	fmt.Printf("%.1f %.1f\n", float64(sent.Sub(begin))/benchRecords, float64(end.Sub(sent))/benchRecords)
	return nil
}

func measure(how, text string) error {
	rounds, err := strconv.Atoi(text)
	send, read := sendEach, readEach
	if how == "batch" {
		send, read = sendBatches, readBatches
	}
	for i := 0; i < rounds && err == nil; i++ {
		err = measureRound(send, read)
	}
	return err
}

func run(words []string) error {
	switch {
	case len(words) == 4 && words[0] == "read":
		return read(words[1], words[2], words[3])
	case len(words) == 2 && (words[0] == "send" || words[0] == "batch"):
		return send(words[0], words[1])
	case len(words) == 2 && words[0] == "hold":
		return hold(words[1])
	case len(words) == 3 && words[0] == "bench":
		return measure(words[1], words[2])
	}
	fmt.Fprintln(os.Stderr, "usage: peer read|send|batch|hold|bench ARGUMENT...")
	os.Exit(64)
	return nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		var code mapring.Code
		if errors.As(err, &code) {
			os.Exit(-int(code))
		}
		os.Exit(1)
	}
}
