// SPDX-License-Identifier: MIT
using System;
using System.Text;

namespace Mapring
{
    /// <summary>A record that a reader got, or which records are missing. That of a consumer lies in the
    /// ring, and its payload can be had until it is released.</summary>
    public unsafe struct Record
    {
        internal Native.Record Raw;
        internal Consumer Consumer; // null for a copy
        internal ulong Holding;     // of the consumer, when the record was read
        internal byte[] Copy;

        /// <summary>The payload, in place. A span outlives the check that the record is still held: do not
        /// use it after the release.</summary>
        public ReadOnlySpan<byte> Payload
        {
            get
            {
                if (Copy != null)
                    return new ReadOnlySpan<byte>(Copy, 0, Length);
                if (Consumer == null)
                    return default(ReadOnlySpan<byte>);
                Consumer.CheckHolds(Holding);
                return new ReadOnlySpan<byte>((void*)Raw.payload, Length);
            }
        }

        public int Length
        {
            get { return (int)Raw.bytes; }
        }

        public byte[] ToArray()
        {
            return Payload.ToArray();
        }

        /// <summary>The payload as text in UTF-8.</summary>
        public override string ToString()
        {
            ReadOnlySpan<byte> payload = Payload;
            fixed (byte* first = &payload.GetPinnableReference())
                return payload.Length == 0 ? "" : Encoding.UTF8.GetString(first, payload.Length);
        }

        /// <summary>Counts from 0 at the ring's creation, including dropped records.</summary>
        public ulong Sequence
        {
            get { return Raw.sequence; }
        }

        /// <summary>Whether the next record continues this one.</summary>
        public bool Continued
        {
            get { return Raw.continued != 0; }
        }

        /// <summary>Whether this record continues the one before it.</summary>
        public bool Continues
        {
            get { return Raw.continues != 0; }
        }

        /// <summary>With Result.Lost: how many are missing, from number Sequence on.</summary>
        public ulong LostRecords
        {
            get { return Raw.lost_records; }
        }

        public ulong LostBytes
        {
            get { return Raw.lost_bytes; }
        }

        /// <summary>In a ring with times: when it was committed. To 100 ns; TimeNs is exact.</summary>
        public DateTime Time
        {
            get { return Mapring.Time.Of(Raw.time_ns); }
        }

        public ulong TimeNs
        {
            get { return Raw.time_ns; }
        }
    }
}
