namespace Adjoint.Allocation;

/// <summary>The instrument before the measurements.</summary>
public class MeterTests
{
    private static byte[]? _kept;

    [Fact]
    public void NothingCostsNothing() => Assert.Equal(0, Meter.Bytes(() => { }));

    /// <summary>An array on a 64-bit runtime: object header, type pointer and length take 8 bytes each.</summary>
    [Fact]
    public void AnArrayCostsItsHeaderAndItsData() =>
        Assert.Equal(3 * 8 + 1000, Meter.Bytes(() => _kept = new byte[1000]));
}
