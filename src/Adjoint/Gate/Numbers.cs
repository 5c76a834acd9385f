using System.Runtime.CompilerServices;
using Adjoint.Families;
using Adjoint.Memory;

namespace Adjoint.Gate;

/// <summary>Scalars from plain numbers.</summary>
internal static class Numbers
{
    public static Tensor Of(double value) => Of(value, DType.Float64);

    public static Tensor Of(float value) => Of(value, DType.Float32);

    public static Tensor Of(long value) => Of(value, DType.Int64);

    public static Tensor Of(bool value) => Of(value ? (byte)1 : (byte)0, DType.Bool);

    /// <summary>A truth value that is not a plain number: what a comparison gives.</summary>
    public static Tensor Truth(bool value)
    {
        var result = Op.Fresh(Layout.Scalar, DType.Bool);
        result.Storage.Origin = value ? (byte)1 : (byte)0;
        return result;
    }

    /// <summary>A plain number in the dtype that an operator computes with.</summary>
    public static Tensor InDType(Tensor number, DType dtype)
    {
        var job = default(FirstJob);
        job.X = number;
        number.DType.Visit(ref job);
        return job.IsReal ? Real(job.Value, dtype) : Whole(job.Count, dtype);
    }

    /// <summary>The first element of a tensor of whole numbers or truth values.</summary>
    public static long WholeOf(Tensor x)
    {
        var job = new FirstJob { X = x };
        x.DType.Visit(ref job);
        return job.IsReal ? throw new NotSupportedException($"{x.DType} is not whole.") : job.Count;
    }

    /// <summary>The first element of a tensor of reals.</summary>
    public static double RealOf(Tensor x)
    {
        var job = new FirstJob { X = x };
        x.DType.Visit(ref job);
        return job.IsReal ? job.Value : throw new NotSupportedException($"{x.DType} is not real.");
    }

    /// <summary>Sets all elements, converted to the tensor's dtype.</summary>
    public static void Fill(Tensor tensor, double value) => Op.CopyInto(Of(value), tensor);

    private static T First<T>(Tensor x)
        where T : unmanaged
    {
        var value = Unsafe.Add(ref Unsafe.As<byte, T>(ref x.Storage.Origin), x.Layout.Offset);
        GC.KeepAlive(x);
        return value;
    }

    private static Tensor Real(double value, DType dtype)
    {
        var job = new NumberJob { DType = dtype, IsReal = true, Value = value };
        dtype.Visit(ref job);
        return job.Made;
    }

    private static Tensor Whole(long value, DType dtype)
    {
        var job = new NumberJob { DType = dtype, Count = value };
        dtype.Visit(ref job);
        return job.Made;
    }

    private static Tensor Of<T>(T value, DType dtype)
        where T : unmanaged
    {
        var storage = Storage.Allocate(Unsafe.SizeOf<T>());
        Unsafe.As<byte, T>(ref storage.Origin) = value;
        return new Tensor(storage, Layout.Scalar, dtype) { IsNumber = true };
    }

    /// <summary>Reads the first element.</summary>
    private struct FirstJob : IDTypeJob
    {
        public Tensor X;
        public bool IsReal;
        public double Value;
        public long Count;

        static RareWhole IDTypeJob.Rare => RareWhole.Run;

        void IDTypeJob.Truth() => Count = First<byte>(X);

        void IDTypeJob.Whole<T>() => Count = long.CreateTruncating(First<T>(X));

        void IDTypeJob.Real<S, T, C>()
        {
            IsReal = true;
            Value = double.CreateTruncating(C.Widen(First<S>(X)));
        }
    }

    /// <summary>Makes a number, of a real or of a whole one, which is cut off or wraps around.</summary>
    private struct NumberJob : IDTypeJob
    {
        public DType DType;
        public bool IsReal;
        public double Value;
        public long Count;
        public Tensor Made;

        static RareWhole IDTypeJob.Rare => RareWhole.Run;

        void IDTypeJob.Truth() => Made = Of((IsReal ? Value != 0 : Count != 0) ? (byte)1 : (byte)0, DType);

        void IDTypeJob.Whole<T>() => Made = Of(
            !IsReal ? T.CreateTruncating(Count)
            : Value >= NumberRange.PastInt64 ? T.CreateTruncating((ulong)Value)
            : T.CreateTruncating((long)Value),
            DType);

        void IDTypeJob.Real<S, T, C>() => Made = Of(C.Narrow(IsReal ? T.CreateTruncating(Value) : T.CreateTruncating(Count)), DType);
    }
}
