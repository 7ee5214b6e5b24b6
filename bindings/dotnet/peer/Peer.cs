// SPDX-License-Identifier: MIT
// tests/languages/peer.c in C#.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace Mapring
{
    static unsafe class Peer
    {
        const int Batch = 64, BenchBytes = 64, BenchRecords = 128000;
        static readonly TextWriter output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        static readonly TextReader input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));

        static void Print(Record record)
        {
            var line = new StringBuilder();
            line.AppendFormat("record {0} {1} {2} ", record.Sequence, record.Continued ? 1 : 0, record.Continues ? 1 : 0);
            foreach (byte value in record.Payload)
                line.Append(value.ToString("x2"));
            output.WriteLine(line);
        }

        // What a reader gets instead of a record. Returns whether more can come.
        static bool Tell(Result result, Record record)
        {
            if (result == Result.Lost)
                output.WriteLine("lost {0} {1}", record.Sequence, record.LostRecords);
            else if (result != Result.Ok)
                output.WriteLine("end {0}", (int)result);
            return result == Result.Ok || result == Result.Lost;
        }

        static void ReadConsumer(string ring, TimeSpan timeout)
        {
            using (var consumer = new Consumer(ring, new ConsumerOptions { From = From.Oldest })) {
                Record record;
                Result result;
                do {
                    result = consumer.Next(out record, timeout);
                    if (result == Result.Ok) {
                        Print(record);
                        consumer.Release();
                    }
                } while (Tell(result, record));
            }
        }

        static void ReadBatches(string ring, TimeSpan timeout)
        {
            using (var consumer = new Consumer(ring, new ConsumerOptions { From = From.Oldest })) {
                var records = new Record[Batch];
                Result result;
                do {
                    int count;
                    result = consumer.NextBatch(records, out count, timeout);
                    for (int i = 0; i < count; i++)
                        Print(records[i]);
                    if (count > 0)
                        consumer.Release();
                } while (Tell(result, records[0]));
            }
        }

        static void ReadObserver(string ring, TimeSpan timeout)
        {
            using (var observer = new Observer(ring, new ObserverOptions { From = From.Oldest })) {
                var buffer = new byte[100000];
                Record record;
                Result result;
                do {
                    result = observer.Receive(buffer, out record, timeout);
                    if (result == Result.Ok)
                        Print(record);
                } while (Tell(result, record));
            }
        }

        static void Read(string how, string ring, string milliseconds)
        {
            long number = long.Parse(milliseconds);
            TimeSpan timeout = number < 0 ? Time.Forever : TimeSpan.FromMilliseconds(number);
            if (how == "observer")
                ReadObserver(ring, timeout);
            else if (how == "batch")
                ReadBatches(ring, timeout);
            else
                ReadConsumer(ring, timeout);
        }

        static void Hold(string ring)
        {
            using (var consumer = new Consumer(ring)) {
                Record record;
                consumer.Next(out record, Time.Forever);
                output.WriteLine("held");
                input.ReadToEnd();
            }
        }

        static void SendLines(string how, string ring)
        {
            using (var producer = new Producer(ring)) {
                output.WriteLine("open");
                var lines = new List<byte[]>();
                for (string line; (line = input.ReadLine()) != null;) {
                    if (how == "send")
                        producer.Send(line, Time.Forever);
                    else
                        lines.Add(Encoding.UTF8.GetBytes(line));
                    if (lines.Count == Batch) {
                        producer.SendBatch(lines.ToArray(), Time.Forever);
                        lines.Clear();
                    }
                }
                if (lines.Count > 0)
                    producer.SendBatch(lines.ToArray(), Time.Forever);
            }
        }

        static void Layout<T>(string name, int size, string fields)
        {
            output.WriteLine("{0} {1}", name, size);
            foreach (string field in fields.Split(' '))
                output.WriteLine("{0}.{1} {2}", name, field, Marshal.OffsetOf(typeof(T), field));
        }

        static void PrintLayout()
        {
            Layout<Native.Error>("error", sizeof(Native.Error), "code system name text");
            Layout<Native.Options>("options", sizeof(Native.Options), "how scope capacity_bytes slot_bytes mode when_full "
                + "sync sync_interval_ms prefault huge on_numa_node numa_node trust_owner dictionary_bytes content times "
                + "max_lag_attached_bytes group origin first_sequence");
            Layout<Native.ConsumerOptions>("consumer_options", sizeof(Native.ConsumerOptions), "scope from sequence name "
                + "durable max_lag_bytes wake_bytes wake_delay_ns prefault wait_producer every_run");
            Layout<Native.ObserverOptions>("observer_options", sizeof(Native.ObserverOptions), "scope from after_lap prefault "
                + "wait_producer");
            Layout<Native.Record>("record", sizeof(Native.Record), "payload bytes sequence continued continues lost_records "
                + "lost_bytes time_ns time_uncertainty_ns lost_until_ns run");
            Layout<Native.Buffer>("buffer", sizeof(Native.Buffer), "data bytes");
        }

        static void Must(Result result)
        {
            if (result != Result.Ok)
                throw new Exception("the ring is full or empty");
        }

        static void SendEach(Producer producer)
        {
            var payload = new byte[BenchBytes];
            for (int i = 0; i < BenchRecords; i++)
                Must(producer.Send(payload, TimeSpan.Zero));
        }

        static void SendBatches(Producer producer)
        {
            var payloads = new byte[Batch][];
            for (int i = 0; i < Batch; i++)
                payloads[i] = new byte[BenchBytes];
            for (int i = 0; i < BenchRecords; i += Batch)
                Must(producer.SendBatch(payloads, TimeSpan.Zero));
        }

        static int ReadEach(Consumer consumer)
        {
            int sum = 0;
            for (int i = 0; i < BenchRecords; i++) {
                Record record;
                Must(consumer.Next(out record, TimeSpan.Zero));
                sum += record.Payload[0];
                consumer.Release();
            }
            return sum;
        }

        static int ReadBatches(Consumer consumer)
        {
            var records = new Record[Batch];
            int sum = 0, got;
            for (int done = 0; done < BenchRecords; done += got) {
                Must(consumer.NextBatch(records, out got, TimeSpan.Zero));
                for (int i = 0; i < got; i++)
                    sum += records[i].Payload[0];
                consumer.Release();
            }
            return sum;
        }

        static void MeasureRound(Action<Producer> send, Func<Consumer, int> read)
        {
            const string ring = "test-peer-bench-dotnet";
            using (var producer = new Producer(ring, new Options { CapacityBytes = 1 << 26, Prefault = true }))
            using (var consumer = new Consumer(ring, new ConsumerOptions { Prefault = true })) {
                var watch = Stopwatch.StartNew();
                send(producer);
                double sent = watch.Elapsed.TotalMilliseconds;
                if (read(consumer) != 0)
                    throw new Exception("the records are not those that were sent");
                double done = watch.Elapsed.TotalMilliseconds;
                output.WriteLine("{0:0.0} {1:0.0}", sent * 1e6 / BenchRecords, (done - sent) * 1e6 / BenchRecords);
            }
            Ring.Remove(ring, force: true);
        }

        static void Measure(string how, int rounds)
        {
            for (int i = 0; i < rounds; i++)
                if (how == "batch")
                    MeasureRound(SendBatches, ReadBatches);
                else
                    MeasureRound(SendEach, ReadEach);
        }

        static bool Run(string[] words)
        {
            string what = words.Length > 0 ? words[0] : "";
            if (what == "read" && words.Length == 4)
                Read(words[1], words[2], words[3]);
            else if ((what == "send" || what == "batch") && words.Length == 2)
                SendLines(what, words[1]);
            else if (what == "hold" && words.Length == 2)
                Hold(words[1]);
            else if (what == "layout" && words.Length == 1)
                PrintLayout();
            else if (what == "bench" && words.Length == 3)
                Measure(words[1], int.Parse(words[2]));
            else
                return false;
            return true;
        }

        static int Main(string[] words)
        {
            try {
                if (Run(words))
                    return 0;
                Console.Error.WriteLine("usage: peer read|send|batch|hold|layout|bench ARGUMENT...");
                return 64;
            } catch (MapringException failure) {
                Console.Error.WriteLine("peer: " + failure.Message);
                return -(int)failure.Result;
            }
        }
    }
}
