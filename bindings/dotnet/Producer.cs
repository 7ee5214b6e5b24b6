// SPDX-License-Identifier: MIT
using System;
using System.Text;

namespace Mapring
{
    /// <summary>The one process that writes.</summary>
    public sealed unsafe class Producer : Handle
    {
        byte[] flat = new byte[0];
        Native.Buffer[] buffers = new Native.Buffer[0];

        public Producer(string name, Options options = null)
        {
            options = options ?? new Options();
            Native.Options given = options.InC();
            IntPtr raw;
            fixed (byte* content = Texts.InC(options.Content), group = Texts.InC(options.Group)) {
                given.content = (ulong)content;
                given.group = (ulong)group;
                MapringException.Check(Native.mapring_producer_open(out raw, Texts.InC(name), &given));
            }
            Raw = raw;
        }

        internal override void Close(IntPtr raw)
        {
            Native.mapring_producer_close(raw);
        }

        public long RecordLimit
        {
            get { return (long)Native.mapring_producer_record_limit(Raw); }
        }

        /// <summary>Sends a record. Without room: NoRoom, TimedOut or, where the ring drops, Dropped.</summary>
        public Result Send(ReadOnlySpan<byte> data, TimeSpan timeout)
        {
            fixed (byte* first = &data.GetPinnableReference())
                return Told(Native.mapring_producer_send(Raw, first, (UIntPtr)data.Length, Time.Ns(timeout)));
        }

        public Result Send(byte[] data, TimeSpan timeout)
        {
            return Send(new ReadOnlySpan<byte>(data), timeout);
        }

        public Result Send(string text, TimeSpan timeout)
        {
            return Send(Encoding.UTF8.GetBytes(text), timeout);
        }

        /// <summary>Sends a record that the next one continues.</summary>
        public Result SendPart(ReadOnlySpan<byte> data, TimeSpan timeout)
        {
            fixed (byte* first = &data.GetPinnableReference())
                return Told(Native.mapring_producer_send_part(Raw, first, (UIntPtr)data.Length, Time.Ns(timeout)));
        }

        /// <summary>Sends records that become visible all at once, or not at all: one call of C for all of
        /// them. They are gathered first, so that only one array has to be pinned.</summary>
        public Result SendBatch(byte[][] records, TimeSpan timeout)
        {
            Gather(records);
            fixed (byte* bytes = flat)
            fixed (Native.Buffer* first = buffers) {
                byte* at = bytes;
                for (int i = 0; i < records.Length; i++) {
                    first[i].data = (IntPtr)at;
                    first[i].bytes = (UIntPtr)records[i].Length;
                    at += records[i].Length;
                }
                return Told(Native.mapring_producer_send_batch(Raw, first, (UIntPtr)records.Length, Time.Ns(timeout)));
            }
        }

        void Gather(byte[][] records)
        {
            int total = 0;
            foreach (byte[] record in records)
                total = checked(total + record.Length);
            if (total > flat.Length)
                flat = new byte[total];
            if (records.Length > buffers.Length)
                buffers = new Native.Buffer[records.Length];
            int at = 0;
            foreach (byte[] record in records) {
                System.Buffer.BlockCopy(record, 0, flat, at, record.Length);
                at += record.Length;
            }
        }

        /// <summary>Reserves the place of a record in the ring, to be filled there and then committed or
        /// aborted; not to be used after that.</summary>
        public Result Reserve(int bytes, TimeSpan timeout, out Span<byte> place)
        {
            if (bytes < 0)
                throw new ArgumentOutOfRangeException("bytes");
            IntPtr begin = IntPtr.Zero;
            Result result = Told(Native.mapring_producer_reserve(Raw, (UIntPtr)bytes, &begin, Time.Ns(timeout)));
            place = result == Result.Ok ? new Span<byte>((void*)begin, bytes) : default(Span<byte>);
            return result;
        }

        public void Commit(int bytes)
        {
            if (bytes < 0)
                throw new ArgumentOutOfRangeException("bytes");
            Told(Native.mapring_producer_commit(Raw, (UIntPtr)bytes));
        }

        public void Abort()
        {
            Told(Native.mapring_producer_abort(Raw));
        }

        public Result WaitConsumers(int count, TimeSpan timeout)
        {
            return Told(Native.mapring_producer_wait_consumers(Raw, checked((uint)count), Time.Ns(timeout)));
        }

        /// <summary>Waits until everything has been read.</summary>
        public Result Drain(TimeSpan timeout)
        {
            return Told(Native.mapring_producer_drain(Raw, Time.Ns(timeout)));
        }

        Result Told(int result)
        {
            GC.KeepAlive(this);
            return MapringException.Check(result);
        }
    }
}
