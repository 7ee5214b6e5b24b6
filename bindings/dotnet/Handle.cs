// SPDX-License-Identifier: MIT
using System;
using System.Threading;

namespace Mapring
{
    /// <summary>What producers, consumers and observers are: closed by Dispose(), or at the latest when they
    /// are collected. A handle may be used by one thread at a time.</summary>
    public abstract class Handle : IDisposable
    {
        IntPtr raw;

        /// <summary>The handle in C, which must not be used once it is closed.</summary>
        internal IntPtr Raw
        {
            get
            {
                if (raw == IntPtr.Zero)
                    throw new ObjectDisposedException(GetType().Name);
                return raw;
            }
            set { raw = value; }
        }

        internal abstract void Close(IntPtr raw);

        public void Dispose()
        {
            End();
            GC.SuppressFinalize(this);
        }

        void End()
        {
            IntPtr ended = Interlocked.Exchange(ref raw, IntPtr.Zero);
            if (ended != IntPtr.Zero)
                Close(ended);
        }

        ~Handle()
        {
            End();
        }
    }
}
