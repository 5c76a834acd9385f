using Adjoint.Algebra;
namespace Adjoint.Fuzz.Generators;

/// <summary>What kind of numbers a tensor holds.</summary>
internal enum Grain
{
    /// <summary>Small, most of them whole: sums of them are exact.</summary>
    Tame,

    /// <summary>Between -2 and 2.</summary>
    Real,

    /// <summary>NaN, infinities, the ends of the range, denormals, among tame ones.</summary>
    Wild,

    /// <summary>Whole numbers from 0 to below a limit.</summary>
    Index,
}

/// <summary>Random elements of each dtype.</summary>
internal static class Data
{
    public static readonly DType[] DTypes = [DType.Float32, DType.Float64, DType.Int64, DType.Int32, DType.UInt8, DType.Bool];

    public static Tensor Flat(Dice dice, DType dtype, int count, Grain grain, int limit)
    {
        var job = new Filling { Dice = dice, Count = count, Grain = grain, Limit = limit };
        dtype.Visit(ref job);
        return job.Made;
    }

    /// <summary>Fills with elements of a dtype.</summary>
    private struct Filling : IDTypeJob
    {
        public Dice Dice;
        public int Count;
        public Grain Grain;
        public int Limit;
        public Tensor Made;

        void IDTypeJob.Truth()
        {
            var dice = Dice;
            Made = Tensor.FromArray(Fill(Count, () => (dice.Bits() & 1) == 0), Count);
        }

        void IDTypeJob.Whole<T>()
        {
            var (dice, grain, limit) = (Dice, Grain, Limit);
            var (least, most) = (long.CreateTruncating(T.MinValue), long.CreateTruncating(T.MaxValue));
            Made = Tensor.FromArray(Fill(Count, () => T.CreateTruncating(Data.Whole(dice, grain, limit, least, most))), Count);
        }

        void IDTypeJob.Real<S, T, C>()
        {
            var (dice, grain, limit) = (Dice, Grain, Limit);
            Made = Tensor.FromArray(Fill(Count, () => C.Narrow(T.CreateTruncating(Data.Real(dice, grain, limit, Precision.IsSingle<T>())))), Count);
        }
    }

    private static T[] Fill<T>(int count, Func<T> next)
    {
        var array = new T[count];
        for (var i = 0; i < count; i++)
        {
            array[i] = next();
        }

        return array;
    }

    private static double Real(Dice dice, Grain grain, int limit, bool isSingle)
    {
        var bits = dice.Bits();
        return grain switch
        {
            Grain.Index => (double)(bits % (ulong)limit),
            Grain.Real => ((bits >> 11) * (4.0 / (1UL << 53))) - 2,
            Grain.Wild when (bits & 3) == 0 => ((bits >> 2) & 15) switch
            {
                0 or 1 => double.NaN,
                2 or 3 => double.PositiveInfinity,
                4 => double.NegativeInfinity,
                5 => isSingle ? float.MaxValue : double.MaxValue,
                6 => isSingle ? float.MinValue : double.MinValue,
                7 => isSingle ? float.Epsilon : double.Epsilon,
                8 => -0.0,
                9 => 1e30,
                10 => -1e-30,
                11 => 3e9,
                12 => 9.3e18,
                13 => isSingle ? 1.1754942e-38 : 2.2e-308,
                14 => 16777217,
                _ => -88.8,
            },
            _ => ((bits >> 8) % 15 * 0.5) - 3.5,
        };
    }

    private static long Whole(Dice dice, Grain grain, int limit, long least, long most)
    {
        var bits = dice.Bits();
        return grain switch
        {
            Grain.Index => (long)(bits % (ulong)limit),
            Grain.Wild when (bits & 3) == 0 => ((bits >> 2) & 7) switch
            {
                0 => least,
                1 => most,
                2 => most - 1,
                3 => least + 1,
                4 => Math.Clamp(1L << 31, least, most),
                5 => Math.Clamp(-1, least, most),
                6 => Math.Clamp(9007199254740993, least, most),
                _ => 0,
            },
            _ => Math.Clamp((long)((bits >> 8) % 12) - (least == 0 ? 0 : 5), least, most),
        };
    }
}
