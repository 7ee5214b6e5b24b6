// SPDX-License-Identifier: MIT
// What calls come to: outcomes are returned, and failures are thrown with the library's own sentence.
using System;
using System.Text;

namespace Mapring
{
    /// <summary>What a call came to, as in enum mapring_result. Failures are negative.</summary>
    public enum Result
    {
        Ok = 0,
        Nothing = 1,
        NoRoom = 2,
        TimedOut = 3,
        ProducerClosed = 4,
        ProducerDied = 5,
        ConsumerGone = 6,
        Lost = 7,
        Dropped = 8,
        Removed = 9,

        Argument = -1,
        Name = -2,
        Geometry = -3,
        GeometryDiffers = -4,
        NotThere = -5,
        Exists = -6,
        BeingCreated = -7,
        WrongKind = -8,
        Foreign = -9,
        Damaged = -10,
        Permission = -11,
        NoSpace = -12,
        NoMemory = -13,
        ProducerTaken = -14,
        ConsumersFull = -15,
        RecordTooLarge = -16,
        BufferTooSmall = -17,
        NothingHeld = -18,
        Held = -19,
        Forked = -20,
        InUse = -21,
        System = -22,
        ConsumerTaken = -23,
        Policy = -24,
        Evicted = -25
    }

    /// <summary>A failure: what was wrong, where, and what to do.</summary>
    public class MapringException : Exception
    {
        public Result Result { get; private set; }

        /// <summary>With Result.BufferTooSmall: how large the buffer must be.</summary>
        public int BytesNeeded { get; internal set; }

        MapringException(Result result, string text) : base(text)
        {
            Result = result;
        }

        internal static unsafe MapringException Last()
        {
            IntPtr error = Native.mapring_last_error();
            byte* text = Environment.OSVersion.Platform == PlatformID.Win32NT
                ? ((Native.ErrorOfWindows*)error)->text
                : ((Native.Error*)error)->text;
            return new MapringException((Result)((Native.Error*)error)->code, Texts.Of((IntPtr)text));
        }

        /// <summary>Throws if the result of a call is a failure, and otherwise returns it.</summary>
        internal static Result Check(int result)
        {
            if (result < 0)
                throw Last();
            return (Result)result;
        }
    }

    static unsafe class Texts
    {
        internal static string Of(IntPtr text)
        {
            byte* bytes = (byte*)text;
            int length = 0;
            while (bytes[length] != 0)
                length++;
            return Encoding.UTF8.GetString(bytes, length);
        }

        /// <summary>In UTF-8, with a terminator; null for null.</summary>
        internal static byte[] InC(string text)
        {
            if (text != null && text.IndexOf('\0') >= 0)
                throw new ArgumentException("a name must not contain a null character");
            return text == null ? null : Encoding.UTF8.GetBytes(text + "\0");
        }
    }
}
