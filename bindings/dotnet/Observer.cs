// SPDX-License-Identifier: MIT
using System;

namespace Mapring
{
    /// <summary>Reads a ring for which nobody waits. Records are copied.</summary>
    public sealed unsafe class Observer : Handle
    {
        public Observer(string name, ObserverOptions options = null)
        {
            Native.ObserverOptions given = (options ?? new ObserverOptions()).InC();
            IntPtr raw;
            MapringException.Check(Native.mapring_observer_open(out raw, Texts.InC(name), &given));
            Raw = raw;
        }

        internal override void Close(IntPtr raw)
        {
            Native.mapring_observer_close(raw);
        }

        /// <summary>Copies the next record into the buffer, where it stays until the buffer is used again.
        /// If it does not fit: BufferTooSmall, with BytesNeeded.</summary>
        public Result Receive(byte[] buffer, out Record record, TimeSpan timeout)
        {
            record = default(Record);
            int result;
            fixed (byte* space = buffer)
            fixed (Native.Record* raw = &record.Raw)
                result = Native.mapring_observer_receive(Raw, space, (UIntPtr)buffer.Length, raw, Time.Ns(timeout));
            GC.KeepAlive(this);
            record.Raw.payload = IntPtr.Zero;
            if (result == 0)
                record.Copy = buffer;
            if (result >= 0)
                return (Result)result;
            MapringException failure = MapringException.Last();
            failure.BytesNeeded = failure.Result == Result.BufferTooSmall ? record.Length : 0;
            throw failure;
        }
    }

    public static class Ring
    {
        /// <summary>Removes a ring; with force, also one that is in use.</summary>
        public static void Remove(string name, Scope scope = Scope.Local, bool force = false)
        {
            MapringException.Check(Native.mapring_remove(Texts.InC(name), (uint)scope, Convert.ToByte(force)));
        }

        /// <summary>The version of the library in use.</summary>
        public static string Version
        {
            get { return Texts.Of(Native.mapring_version()); }
        }
    }
}
