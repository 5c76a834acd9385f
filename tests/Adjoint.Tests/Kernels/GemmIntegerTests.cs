using System.Numerics;
using Adjoint.Kernels;
using Xunit;

namespace Adjoint.Tests.Kernels;

/// <summary>The integer product: small cases by hand, and arithmetic modulo the width of the type.</summary>
public sealed unsafe class GemmIntegerTests
{
    [Fact]
    public void AProductByHand()
    {
        // [1 2; 3 4] * [5 6; 7 8] = [19 22; 43 50]
        Assert.Equal([19, 22, 43, 50], Multiply<int>([1, 2, 3, 4], [5, 6, 7, 8], 1, 0, 2, 1));
        Assert.Equal([19L, 22, 43, 50], Multiply<long>([1, 2, 3, 4], [5, 6, 7, 8], 1, 0, 2, 1));
        Assert.Equal(new byte[] { 19, 22, 43, 50 }, Multiply<byte>([1, 2, 3, 4], [5, 6, 7, 8], 1, 0, 2, 1));
    }

    [Fact]
    public void ATransposedOperandIsReadThroughItsStrides() =>
        // [1 3; 2 4] * [5 6; 7 8] = [26 30; 38 44]
        Assert.Equal([26, 30, 38, 44], Multiply<int>([1, 2, 3, 4], [5, 6, 7, 8], 1, 0, 1, 2));

    [Fact]
    public void AlphaAndBetaScale() =>
        // 2 * [19 22; 43 50] + 3 * 1000
        Assert.Equal([3038, 3044, 3086, 3100], Multiply<int>([1, 2, 3, 4], [5, 6, 7, 8], 2, 3, 2, 1));

    [Fact]
    public void OverflowWrapsAround()
    {
        // 200 * 200 = 40000 = 156 * 256 + 64
        Assert.Equal(new byte[] { 64, 0, 0, 64 }, Multiply<byte>([200, 0, 0, 200], [200, 0, 0, 200], 1, 0, 2, 1));
        // 2^31 * 2 = 0 mod 2^32
        Assert.Equal([0, 0, 0, 1], Multiply<int>([int.MinValue, 0, 0, 1], [2, 0, 0, 1], 1, 0, 2, 1));
    }

    [Fact]
    public void AnEmptySumIsZero()
    {
        int a = 5, b = 6, c = 7;
        GemmInteger.Run(1, 1, 0, 1, &a, 1, 1, &b, 1, 1, 0, &c, 1, 1);
        Assert.Equal(0, c);
    }

    private static T[] Multiply<T>(T[] a, T[] b, T alpha, T beta, nint rsA, nint csA)
        where T : unmanaged, INumber<T>
    {
        var c = new T[4];
        Array.Fill(c, T.CreateTruncating(1000));
        fixed (T* pa = a, pb = b, pc = c)
        {
            GemmInteger.Run(2, 2, 2, alpha, pa, rsA, csA, pb, 2, 1, beta, pc, 2, 1);
        }

        return c;
    }
}
