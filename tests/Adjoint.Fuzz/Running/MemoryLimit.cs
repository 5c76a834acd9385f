using System.Runtime.InteropServices;

namespace Adjoint.Fuzz.Running;

/// <summary>
/// Lets requests for giant memory fail at once, as they do on a machine that has not got it; otherwise calls with giant sizes would have to be
/// left out.
/// </summary>
internal static partial class MemoryLimit
{
    private const int AddressSpace = 9;
    private const ulong Slack = 1UL << 30;

    public static void Set()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var pages = ulong.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0]);
        var limit = new Limit { Soft = (pages * (ulong)Environment.SystemPageSize) + Slack, Hard = ulong.MaxValue };
        _ = SetLimit(AddressSpace, ref limit);
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ref Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
