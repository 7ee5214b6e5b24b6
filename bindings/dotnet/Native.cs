// SPDX-License-Identifier: MIT
// What mapring.h declares. Structures lie in memory as in C, which `peer layout` shows.
using System;
using System.Runtime.InteropServices;

namespace Mapring
{
    static unsafe class Native
    {
        const string Library = "mapring";

        internal const int NameBytes = 160, TextBytes = 512;

        [StructLayout(LayoutKind.Sequential)]
        internal struct Error
        {
            internal int code;
            internal IntPtr system; // a long, which has 4 bytes on Windows
            internal fixed byte name[NameBytes];
            internal fixed byte text[TextBytes];
            internal fixed ulong reserved[4];
        }

        // The same where a long has 4 bytes.
        [StructLayout(LayoutKind.Sequential)]
        internal struct ErrorOfWindows
        {
            internal int code;
            internal int system;
            internal fixed byte name[NameBytes];
            internal fixed byte text[TextBytes];
            internal fixed ulong reserved[4];
        }

        [StructLayout(LayoutKind.Sequential)]
        internal struct Options
        {
            internal uint how, scope;
            internal ulong capacity_bytes;
            internal uint slot_bytes, mode;
            internal uint when_full, sync, sync_interval_ms;
            internal byte prefault, huge, on_numa_node;
            internal uint numa_node;
            internal byte trust_owner;
            internal ulong dictionary_bytes;
            internal ulong content; // a pointer
            internal byte times;
            internal fixed byte reserved_bytes[7];
            internal ulong max_lag_attached_bytes;
            internal ulong group; // a pointer
            internal ulong origin; // a pointer
            internal ulong first_sequence;
            internal fixed ulong reserved[1];
        }

        [StructLayout(LayoutKind.Sequential)]
        internal struct ConsumerOptions
        {
            internal uint scope, from;
            internal ulong sequence;
            internal IntPtr name;
            internal byte durable;
            internal ulong max_lag_bytes, wake_bytes;
            internal long wake_delay_ns;
            internal byte prefault, wait_producer, every_run;
            internal fixed byte reserved_bytes[7];
            internal fixed ulong reserved[7];
        }

        [StructLayout(LayoutKind.Sequential)]
        internal struct ObserverOptions
        {
            internal uint scope, from, after_lap;
            internal byte prefault, wait_producer;
            internal fixed ulong reserved[8];
        }

        [StructLayout(LayoutKind.Sequential)]
        internal struct Record
        {
            internal IntPtr payload;
            internal UIntPtr bytes;
            internal ulong sequence;
            internal byte continued, continues;
            internal ulong lost_records, lost_bytes;
            internal ulong time_ns, time_uncertainty_ns, lost_until_ns, run;
        }

        [StructLayout(LayoutKind.Sequential)]
        internal struct Buffer
        {
            internal IntPtr data;
            internal UIntPtr bytes;
        }

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mapring_last_error();
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mapring_result_text(int result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mapring_version();
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_remove(byte[] name, uint scope, byte force);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_producer_open(out IntPtr producer, byte[] name, Options* options);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mapring_producer_close(IntPtr producer);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern UIntPtr mapring_producer_record_limit(IntPtr producer);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_producer_reserve(IntPtr producer, UIntPtr bytes, IntPtr* payload, long timeout_ns);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_producer_commit(IntPtr producer, UIntPtr bytes);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_producer_abort(IntPtr producer);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_producer_send(IntPtr producer, byte* data, UIntPtr bytes, long timeout_ns);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_producer_send_part(IntPtr producer, byte* data, UIntPtr bytes, long timeout_ns);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_producer_send_batch(IntPtr producer, Buffer* records, UIntPtr count, long timeout_ns);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_producer_wait_consumers(IntPtr producer, uint count, long timeout_ns);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_producer_drain(IntPtr producer, long timeout_ns);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_consumer_open(out IntPtr consumer, byte[] name, ConsumerOptions* options);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mapring_consumer_close(IntPtr consumer);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_consumer_next(IntPtr consumer, Record* record, long timeout_ns);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_consumer_next_batch(IntPtr consumer, Record* records, UIntPtr limit, UIntPtr* count, long timeout_ns);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_consumer_release(IntPtr consumer);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_consumer_seek(IntPtr consumer, uint from, ulong sequence);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_observer_open(out IntPtr observer, byte[] name, ObserverOptions* options);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mapring_observer_close(IntPtr observer);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mapring_observer_receive(IntPtr observer, byte* buffer, UIntPtr buffer_bytes, Record* record, long timeout_ns);
    }
}
