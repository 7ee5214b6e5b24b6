// SPDX-License-Identifier: MIT
// How rings are opened; mapring.h describes each field.
using System;
using System.Threading;

namespace Mapring
{
    public enum How : uint { CreateOrAttach, Create, Attach }
    public enum Scope : uint { Local, Global }
    public enum WhenFull : uint { Unspecified, Block, Drop, Overwrite }
    public enum Sync : uint { None, OnClose, Interval }
    public enum From : uint { Unread, Oldest, Newest, AtSequence, Run }

    /// <summary>Properties of a ring. Without any, it is created with 1 MiB, or is what is there.</summary>
    public sealed class Options
    {
        public How How;
        public Scope Scope;
        public ulong CapacityBytes;
        public uint SlotBytes, Mode;
        public WhenFull WhenFull;
        public Sync Sync;
        public uint SyncIntervalMs;
        public bool Prefault, Huge, TrustOwner, Times;
        public uint? NumaNode;
        public ulong DictionaryBytes, MaxLagAttachedBytes;
        public string Content, Group;

        internal Native.Options InC()
        {
            return new Native.Options {
                how = (uint)How,
                scope = (uint)Scope,
                capacity_bytes = CapacityBytes,
                slot_bytes = SlotBytes,
                mode = Mode,
                when_full = (uint)WhenFull,
                sync = (uint)Sync,
                sync_interval_ms = SyncIntervalMs,
                prefault = Convert.ToByte(Prefault),
                huge = Convert.ToByte(Huge),
                on_numa_node = Convert.ToByte(NumaNode.HasValue),
                numa_node = NumaNode.GetValueOrDefault(),
                trust_owner = Convert.ToByte(TrustOwner),
                dictionary_bytes = DictionaryBytes,
                times = Convert.ToByte(Times),
                max_lag_attached_bytes = MaxLagAttachedBytes
            };
        }
    }

    public sealed class ConsumerOptions
    {
        public Scope Scope;
        public From From;
        public ulong Sequence;
        public string Name;
        public bool Durable, Prefault, WaitProducer;
        public ulong MaxLagBytes, WakeBytes;
        public TimeSpan WakeDelay;

        internal Native.ConsumerOptions InC()
        {
            return new Native.ConsumerOptions {
                scope = (uint)Scope,
                from = (uint)From,
                sequence = Sequence,
                durable = Convert.ToByte(Durable),
                max_lag_bytes = MaxLagBytes,
                wake_bytes = WakeBytes,
                wake_delay_ns = Time.Ns(WakeDelay),
                prefault = Convert.ToByte(Prefault),
                wait_producer = Convert.ToByte(WaitProducer)
            };
        }
    }

    public sealed class ObserverOptions
    {
        public Scope Scope;
        public From From, AfterLap;
        public bool Prefault, WaitProducer;

        internal Native.ObserverOptions InC()
        {
            return new Native.ObserverOptions {
                scope = (uint)Scope,
                from = (uint)From,
                after_lap = (uint)AfterLap,
                prefault = Convert.ToByte(Prefault),
                wait_producer = Convert.ToByte(WaitProducer)
            };
        }
    }

    /// <summary>Timeouts: TimeSpan.Zero does not wait, and Time.Forever without limit.</summary>
    public static class Time
    {
        public static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;

        internal static long Ns(TimeSpan time)
        {
            if (time == Forever)
                return -1;
            return time.Ticks > long.MaxValue / 100 ? long.MaxValue : time.Ticks * 100;
        }

        internal static DateTime Of(ulong ns)
        {
            return new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks((long)(ns / 100));
        }
    }
}
