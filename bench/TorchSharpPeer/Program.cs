using System.Reflection;
using System.Runtime.InteropServices;
using Adjoint.Bench;
using TorchSharp;

return Session.Run(args, Assembly.GetExecutingAssembly(), Load);

static void Load(int threads)
{
    try
    {
        // Loaded here first: the loader's own words name what is missing, TorchSharp's do not.
        NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
        torch.set_num_threads(threads);
        torch.arange(1).Dispose();
    }
    catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or TypeInitializationException or NotSupportedException)
    {
        throw new UsageException(
            $"the native library of TorchSharp cannot be loaded: {Reason(e.GetBaseException().Message)}. TorchSharp 0.107 needs a 64-bit Linux " +
            "with GCC 13's C++ runtime (Debian 13, Ubuntu 24.04); bench/README.md says what to do on an older one, or leave out --peer");
    }
}

// The loader tries several places; the line that names a version or another library is the one that tells.
static string Reason(string message)
{
    var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    return (Array.Find(lines, line => line.Contains("version", StringComparison.Ordinal))
        ?? Array.Find(
            lines, line => line.Contains(": cannot open", StringComparison.Ordinal) && !line.Contains("LibTorchSharp", StringComparison.Ordinal))
        ?? lines[0].Split(". ")[0]).TrimEnd('.', ':');
}
