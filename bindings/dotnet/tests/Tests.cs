// SPDX-License-Identifier: MIT
// What the interface in C# promises beyond the one in C; check_peer.py does the rest.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Mapring
{
    static class Tests
    {
        static string ring;

        static void Check(bool condition, string what)
        {
            if (!condition)
                throw new Exception("not so: " + what);
        }

        static T Throws<T>(Action action) where T : Exception
        {
            try {
                action();
            } catch (T expected) {
                return expected;
            }
            throw new Exception("no " + typeof(T).Name);
        }

        static void Fails(Result result, Action action)
        {
            var failure = Throws<MapringException>(action);
            Check(failure.Result == result, failure.Result + " instead of " + result + ": " + failure.Message);
        }

        static void WithPair(Options options, Action<Producer, Consumer> action)
        {
            options.CapacityBytes = 65536;
            using (var producer = new Producer(ring, options))
            using (var consumer = new Consumer(ring))
                action(producer, consumer);
            Ring.Remove(ring, force: true);
        }

        static Record Got(Consumer consumer)
        {
            Record record;
            Check(consumer.Next(out record, TimeSpan.Zero) == Result.Ok, "there is a record");
            return record;
        }

        static void ARecordIsVoidAfterItsRelease()
        {
            WithPair(new Options(), (producer, consumer) => {
                foreach (string text in new[] { "one", "zwölf", "" })
                    Check(producer.Send(text, TimeSpan.Zero) == Result.Ok, "it is sent");
                Record one = Got(consumer), two = Got(consumer), three = Got(consumer);
                Check(one.ToString() == "one" && two.ToString() == "zwölf" && three.ToString() == "", "the texts");
                Check(one.Payload.Length == 3 && one.Payload[0] == (byte)'o' && three.Sequence == 2, "the spans");
                consumer.Release();
                Throws<InvalidOperationException>(() => two.ToArray());
                Fails(Result.NothingHeld, consumer.Release);
                Record none;
                Check(consumer.Next(out none, TimeSpan.Zero) == Result.Nothing, "nothing is there");
                Check(consumer.Next(out none, TimeSpan.FromMilliseconds(1)) == Result.TimedOut, "nothing comes");
                Check(none.Payload.Length == 0, "no payload");
                producer.Send("four", TimeSpan.Zero);
                Record four = Got(consumer);
                consumer.Dispose();
                Throws<InvalidOperationException>(() => four.ToArray());
                Throws<ObjectDisposedException>(() => consumer.Next(out none, TimeSpan.Zero));
            });
        }

        static void ReservationsAreFilledInPlace()
        {
            WithPair(new Options(), (producer, consumer) => {
                Span<byte> place;
                Check(producer.Reserve(10, TimeSpan.Zero, out place) == Result.Ok && place.Length == 10, "a place");
                Fails(Result.Held, () => producer.Send("x", TimeSpan.Zero));
                Fails(Result.Argument, () => producer.Commit(11));
                producer.Abort();
                producer.Reserve(10, TimeSpan.Zero, out place);
                place[0] = 7;
                place[1] = 8;
                producer.Commit(2);
                Fails(Result.NothingHeld, () => producer.Commit(2));
                Check(Got(consumer).ToArray().SequenceEqual(new byte[] { 7, 8 }), "what was written");
                Throws<ArgumentOutOfRangeException>(() => producer.Commit(-1));
            });
        }

        static void FullRingsAreNoFailure()
        {
            WithPair(new Options(), (producer, consumer) => {
                while (producer.Send(new byte[1000], TimeSpan.Zero) == Result.Ok) {
                }
                Check(producer.Send(new byte[1000], TimeSpan.Zero) == Result.NoRoom, "no room");
                Check(producer.Send(new byte[1000], TimeSpan.FromMilliseconds(1)) == Result.TimedOut, "no room in time");
                Check(producer.Drain(TimeSpan.Zero) == Result.TimedOut, "unread");
                Fails(Result.RecordTooLarge, () => producer.Send(new byte[40000], TimeSpan.Zero));
            });
        }

        static void LossesAreTold()
        {
            WithPair(new Options { WhenFull = WhenFull.Drop, Times = true }, (producer, consumer) => {
                int sent = 0;
                while (producer.Send(new byte[1000], TimeSpan.Zero) != Result.Dropped)
                    sent++;
                Check(consumer.Records(TimeSpan.Zero).Count() == sent, "all that was sent");
                producer.Send("after", TimeSpan.Zero);
                var lost = Throws<LostException>(() => consumer.Records(TimeSpan.Zero).Count());
                Check(lost.Lost.LostRecords == 1 && lost.Lost.LostBytes == 1000, lost.Message);
                foreach (Record record in consumer.Records(TimeSpan.Zero))
                    Check(record.ToString() == "after" && DateTime.UtcNow - record.Time < TimeSpan.FromHours(1), "after it");
            });
        }

        static void BatchesArriveAsTheyWereSent()
        {
            WithPair(new Options(), (producer, consumer) => {
                var records = new Record[8];
                int count;
                for (int i = 0; i < 1000; i++) {
                    producer.SendBatch(new[] { new byte[] { 1 }, new byte[0], new byte[] { 2, 3 } }, TimeSpan.Zero);
                    Check(consumer.NextBatch(records, out count, TimeSpan.Zero) == Result.Ok && count == 3, "three records");
                    Check(records[2].Payload[1] == 3 && records[1].Length == 0, "their payloads");
                    consumer.Release();
                }
                Fails(Result.Argument, () => producer.SendBatch(new byte[0][], TimeSpan.Zero));
                Throws<ArgumentException>(() => consumer.NextBatch(new Record[0], out count, TimeSpan.Zero));
                Check(consumer.NextBatch(records, out count, TimeSpan.Zero) == Result.Nothing && count == 0, "nothing");
            });
        }

        static void ObserversCopy()
        {
            WithPair(new Options { Content = "text/plain" }, (producer, consumer) => {
                using (var observer = new Observer(ring)) {
                    Record record;
                    producer.Send(new byte[100], TimeSpan.Zero);
                    var small = Throws<MapringException>(() => observer.Receive(new byte[10], out record, TimeSpan.Zero));
                    Check(small.Result == Result.BufferTooSmall && small.BytesNeeded == 100, small.Message);
                    Check(observer.Receive(new byte[100], out record, TimeSpan.Zero) == Result.Ok, "it fits");
                    Check(record.Payload.Length == 100, "its length");
                    Check(observer.Receive(new byte[0], out record, TimeSpan.Zero) == Result.Nothing, "no more");
                }
            });
        }

        static void HandlesMoveToOtherThreads()
        {
            const int count = 20000;
            WithPair(new Options(), (producer, consumer) => {
                var sender = new Thread(() => {
                    for (int i = 0; i < count; i++)
                        producer.Send(BitConverter.GetBytes(i), Time.Forever);
                    producer.Dispose();
                });
                sender.Start();
                int next = 0;
                foreach (Record record in consumer.Records(Time.Forever))
                    Check(BitConverter.ToInt32(record.ToArray(), 0) == next++, "the order");
                sender.Join();
                Check(next == count, "all of them");
            });
        }

        static void FailuresSayWhatWasWrong()
        {
            var missing = Throws<MapringException>(() => new Consumer("test-dotnet-missing"));
            Check(missing.Result == Result.NotThere && missing.Message.Contains("test-dotnet-missing"), missing.Message);
            Fails(Result.Geometry, () => new Producer(ring, new Options { CapacityBytes = 12345 }));
            Throws<ArgumentException>(() => new Producer("a\0b"));
            Fails(Result.Argument, () => new Producer(null));
            Check(Ring.Version.StartsWith("0."), Ring.Version);
        }

        static void ForgottenHandlesAreClosed()
        {
            new Action(() => new Producer(ring).Send("x", TimeSpan.Zero))();
            var clock = System.Diagnostics.Stopwatch.StartNew();
            for (;;) {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                try {
                    new Producer(ring).Dispose();
                    break;
                } catch (MapringException taken) {
                    Check(taken.Result == Result.ProducerTaken && clock.Elapsed.TotalSeconds < 30, taken.Message);
                    Overwrite(100);
                }
            }
            Ring.Remove(ring, force: true);
        }

        // Stacks are searched for what looks like a reference.
        static int Overwrite(int depth)
        {
            return depth == 0 ? 0 : 1 + Overwrite(depth - 1);
        }

        static int Main()
        {
            ring = "test-dotnet-" + System.Diagnostics.Process.GetCurrentProcess().Id;
            foreach (Action test in new Action[] {
                ARecordIsVoidAfterItsRelease, ReservationsAreFilledInPlace, FullRingsAreNoFailure, LossesAreTold,
                BatchesArriveAsTheyWereSent, ObserversCopy, HandlesMoveToOtherThreads, FailuresSayWhatWasWrong,
                ForgottenHandlesAreClosed }) {
                try {
                    test();
                    Console.WriteLine("ok " + test.Method.Name);
                } catch (Exception problem) {
                    Console.WriteLine("FAILED " + test.Method.Name + ": " + problem);
                    return 1;
                }
            }
            return 0;
        }
    }
}
