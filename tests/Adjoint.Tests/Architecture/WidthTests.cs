using System.Runtime.Intrinsics;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// The reruns of the suite on narrower vectors (<c>eng/check.sh</c>) are worth something only when their switches
/// work: a runtime ignores, in silence, a switch that it does not know.
/// </summary>
public class WidthTests
{
    [Fact]
    public void TheSwitchFor512BitsIsObeyed() =>
        Assert.False(Vector512.IsHardwareAccelerated && (IsOff("DOTNET_EnableAVX512") || IsOff("DOTNET_EnableAVX2")));

    [Fact]
    public void TheSwitchFor256BitsIsObeyed() =>
        Assert.False(Vector256.IsHardwareAccelerated && IsOff("DOTNET_EnableAVX2"));

    private static bool IsOff(string name) => Environment.GetEnvironmentVariable(name) == "0";
}
