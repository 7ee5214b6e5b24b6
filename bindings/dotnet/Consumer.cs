// SPDX-License-Identifier: MIT
using System;
using System.Collections.Generic;

namespace Mapring
{
    /// <summary>A process that reads every record, in place.</summary>
    public sealed unsafe class Consumer : Handle
    {
        Native.Record[] batch = new Native.Record[0];
        ulong holding = 1; // changes with each release, after which earlier records are void

        public Consumer(string name, ConsumerOptions options = null)
        {
            options = options ?? new ConsumerOptions();
            Native.ConsumerOptions given = options.InC();
            IntPtr raw;
            fixed (byte* own = Texts.InC(options.Name)) {
                given.name = (IntPtr)own;
                MapringException.Check(Native.mapring_consumer_open(out raw, Texts.InC(name), &given));
            }
            Raw = raw;
        }

        internal override void Close(IntPtr raw)
        {
            holding++;
            Native.mapring_consumer_close(raw);
        }

        internal void CheckHolds(ulong held)
        {
            if (held != holding)
                throw new InvalidOperationException("the record has been released, or its consumer closed");
        }

        /// <summary>Gets the next record, in place, until Release(); several can be held. Otherwise: Nothing,
        /// TimedOut, Lost, Removed and, once for each run, ProducerClosed or ProducerDied.</summary>
        public Result Next(out Record record, TimeSpan timeout)
        {
            record = default(Record);
            fixed (Native.Record* raw = &record.Raw) {
                int result = Native.mapring_consumer_next(Raw, raw, Time.Ns(timeout));
                if (result == 0) {
                    record.Consumer = this;
                    record.Holding = holding;
                }
                return Told(result);
            }
        }

        /// <summary>Gets the records that are there, and waits for the first one only: one call of C for all
        /// of them. They are released together. If records are missing, the first of `records` says which.</summary>
        public Result NextBatch(Record[] records, out int count, TimeSpan timeout)
        {
            count = 0;
            if (records.Length == 0)
                throw new ArgumentException("there is no room for a record", "records");
            if (batch.Length < records.Length)
                batch = new Native.Record[records.Length];
            UIntPtr got = UIntPtr.Zero;
            int result;
            fixed (Native.Record* first = batch)
                result = Native.mapring_consumer_next_batch(Raw, first, (UIntPtr)records.Length, &got, Time.Ns(timeout));
            if (result == (int)Result.Lost)
                records[0] = new Record { Raw = batch[0] };
            if (result != 0)
                return Told(result);
            count = (int)got;
            for (int i = 0; i < count; i++) {
                records[i].Raw = batch[i];
                records[i].Consumer = this;
                records[i].Holding = holding;
                records[i].Copy = null;
            }
            return Result.Ok;
        }

        /// <summary>Gives back all records that are held. Fails with Evicted if the consumer was let go: what
        /// was read of them cannot be relied on.</summary>
        public void Release()
        {
            holding++;
            Told(Native.mapring_consumer_release(Raw));
        }

        public void Seek(From from, ulong sequence = 0)
        {
            Told(Native.mapring_consumer_seek(Raw, (uint)from, sequence));
        }

        /// <summary>The records until a run ends, or none comes in time; each is released before the next
        /// one. Stops at a loss with LostException; it can be continued by another loop.</summary>
        public IEnumerable<Record> Records(TimeSpan timeout)
        {
            Record record;
            Result result;
            while ((result = Next(out record, timeout)) == Result.Ok) {
                try {
                    yield return record;
                } finally {
                    Release();
                }
            }
            if (result == Result.Lost)
                throw new LostException(record);
        }

        Result Told(int result)
        {
            GC.KeepAlive(this);
            return MapringException.Check(result);
        }
    }

    /// <summary>Records are missing. Reading goes on behind them.</summary>
    public sealed class LostException : Exception
    {
        public Record Lost { get; private set; }

        internal LostException(Record lost)
            : base(lost.LostRecords + " records are lost, from number " + lost.Sequence + " on")
        {
            Lost = lost;
        }
    }
}
