using System.Runtime.InteropServices;
using Xunit;

namespace Adjoint.Tests.Kernels;

/// <summary>Pages of memory, each before one that can neither be read nor written: who goes beyond an end crashes. Linux only.</summary>
internal sealed unsafe class GuardedPages : IDisposable
{
    private const int ReadAndWrite = 3;
    private const int Nothing = 0;
    private const int PrivateAnonymous = 0x22;

    private readonly int _count;
    private readonly byte* _start;

    public GuardedPages(int count)
    {
        _count = count;
        _start = (byte*)Map(0, (nuint)(2 * count * Environment.SystemPageSize), ReadAndWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, (nint)_start);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(0, Protect((nint)End(i), (nuint)Environment.SystemPageSize, Nothing));
        }
    }

    /// <summary>Where a page ends and nothing follows.</summary>
    public byte* End(int page) => _start + (((2 * page) + 1) * Environment.SystemPageSize);

    public void Dispose() => _ = Unmap((nint)_start, (nuint)(2 * _count * Environment.SystemPageSize));

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(nint address, nuint length);
}
