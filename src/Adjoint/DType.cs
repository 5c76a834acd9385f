using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Adjoint.Algebra;

namespace Adjoint;

/// <summary>
/// The type of a tensor's elements: an object that states its facts, and shows kernels the .NET types they compute with. There is one of each, so
/// that two dtypes are the same if they are the same object.
/// </summary>
/// <remarks>
/// To read this file: the members are all dtypes with their facts; <see cref="Visit{J}(ref J)"/> is the one place where a dtype becomes types; the
/// table at the end is PyTorch's promotion. Nothing follows from an order, and no choice has a default arm: what reads a dtype elsewhere asks for a
/// fact, or brings a job.
/// </remarks>
public sealed class DType
{
    /// <summary>True or false, one byte (<c>torch.bool</c>).</summary>
    public static readonly DType Bool = new(Kind.Bool, nameof(Bool), "torch.bool", "Bool", "bool", "bool")
    {
        ElementType = typeof(bool), ItemSize = sizeof(bool), Category = 0, Most = 1,
    };

    /// <summary>Unsigned 8-bit integer (<c>torch.uint8</c>).</summary>
    public static readonly DType UInt8 = new(Kind.UInt8, nameof(UInt8), "torch.uint8", "Byte", "unsigned char", "uint8_t")
    {
        ElementType = typeof(byte), ItemSize = sizeof(byte), Category = 1, Most = byte.MaxValue,
    };

    /// <summary>Signed 32-bit integer (<c>torch.int32</c>).</summary>
    public static readonly DType Int32 = new(Kind.Int32, nameof(Int32), "torch.int32", "Int", "int", "int")
    {
        ElementType = typeof(int), ItemSize = sizeof(int), Category = 1, Most = int.MaxValue,
    };

    /// <summary>Signed 64-bit integer (<c>torch.int64</c>), the default for integers.</summary>
    public static readonly DType Int64 = new(Kind.Int64, nameof(Int64), "torch.int64", "Long", "long int", "int64_t")
    {
        ElementType = typeof(long), ItemSize = sizeof(long), Category = 1, Most = long.MaxValue,
    };

    /// <summary>Signed 8-bit integer (<c>torch.int8</c>). It is computed in int32, and wraps around when it is stored.</summary>
    public static readonly DType Int8 = new(Kind.Int8, nameof(Int8), "torch.int8", "Char", "signed char", "int8_t")
    {
        ElementType = typeof(sbyte), ItemSize = sizeof(sbyte), Category = 1, Most = sbyte.MaxValue, HasLoops = false, Compute = Int32,
    };

    /// <summary>Signed 16-bit integer (<c>torch.int16</c>). It is computed in int32, and wraps around when it is stored.</summary>
    public static readonly DType Int16 = new(Kind.Int16, nameof(Int16), "torch.int16", "Short", "short", "int16_t")
    {
        ElementType = typeof(short), ItemSize = sizeof(short), Category = 1, Most = short.MaxValue, HasLoops = false, Compute = Int32,
    };

    /// <summary>
    /// Unsigned 16-bit integer (<c>torch.uint16</c>). It is computed in int32, and wraps around when it is stored. As in PyTorch it
    /// promotes with reals and with itself, and with no other whole numbers; so do the next two.
    /// </summary>
    public static readonly DType UInt16 = new(Kind.UInt16, nameof(UInt16), "torch.uint16", "UInt16", "unsigned short", "uint16_t")
    {
        ElementType = typeof(ushort), ItemSize = sizeof(ushort), Category = 1, Most = ushort.MaxValue, HasLoops = false, Compute = Int32,
    };

    /// <summary>Unsigned 32-bit integer (<c>torch.uint32</c>). It is computed in int64, and wraps around when it is stored.</summary>
    public static readonly DType UInt32 = new(Kind.UInt32, nameof(UInt32), "torch.uint32", "UInt32", "unsigned int", "uint32_t")
    {
        ElementType = typeof(uint), ItemSize = sizeof(uint), Category = 1, Most = uint.MaxValue, HasLoops = false, Compute = Int64,
    };

    /// <summary>
    /// Unsigned 64-bit integer (<c>torch.uint64</c>): stored, moved, indexed, printed and converted. Nothing wider holds its numbers, so
    /// operators that compute refuse it, as most of PyTorch's do.
    /// </summary>
    public static readonly DType UInt64 = new(Kind.UInt64, nameof(UInt64), "torch.uint64", "UInt64", "unsigned long", "uint64_t")
    {
        ElementType = typeof(ulong), ItemSize = sizeof(ulong), Category = 1, Most = ulong.MaxValue, HasLoops = false,
    };

    /// <summary>IEEE 754 single precision (<c>torch.float32</c>), the default for real numbers.</summary>
    public static readonly DType Float32 = new(Kind.Float32, nameof(Float32), "torch.float32", "Float", "float", "float")
    {
        ElementType = typeof(float), ItemSize = sizeof(float), Category = 2, Most = float.MaxValue, Epsilon = 1.1920928955078125e-07, // 2^-23
    };

    /// <summary>IEEE 754 double precision (<c>torch.float64</c>).</summary>
    public static readonly DType Float64 = new(Kind.Float64, nameof(Float64), "torch.float64", "Double", "double", "double")
    {
        ElementType = typeof(double), ItemSize = sizeof(double), Category = 2, Most = double.MaxValue, Epsilon = 2.220446049250313e-16, // 2^-52
    };

    /// <summary>
    /// IEEE 754 half precision (<c>torch.float16</c>): two bytes, a significand of 11 bits, up to 65504. Computed in float32, and rounded to the
    /// nearest when it is stored.
    /// </summary>
    public static readonly DType Float16 = new(Kind.Float16, nameof(Float16), "torch.float16", "Half", "c10::Half", "at::Half")
    {
        ElementType = typeof(Half), ItemSize = 2, Category = 2, Most = 65504, Epsilon = 0.0009765625, // 2^-10
        Compute = Float32,
    };

    /// <summary>
    /// Brain floating point (<c>torch.bfloat16</c>): two bytes, the range of float32 and a significand of 8 bits. Computed in float32, and rounded
    /// to the nearest when it is stored.
    /// </summary>
    public static readonly DType BFloat16 = new(Kind.BFloat16, nameof(BFloat16), "torch.bfloat16", "BFloat16", "c10::BFloat16", "at::BFloat16")
    {
        ElementType = typeof(Adjoint.BFloat16), ItemSize = 2, Category = 2, Most = 3.3895313892515355e38, Epsilon = 0.0078125, // 2^-7
        Compute = Float32,
    };

    /// <summary>In the order of <see cref="Kind"/>.</summary>
    private static readonly DType[] Members =
    [
        Bool, UInt8, Int8, Int16, Int32, Int64, UInt16, UInt32, UInt64, Float16, BFloat16, Float32, Float64,
    ];

    /// <summary>The dtypes that promote with all others but the wide unsigned ones, in the order of the table.</summary>
    private static readonly DType[] Promoting = [Bool, UInt8, Int8, Int16, Int32, Int64, Float16, BFloat16, Float32, Float64];

    /// <summary>
    /// By first dtype and second, in the order of <see cref="Promoting"/>: the smallest dtype that holds both (<c>torch.promote_types</c>).
    /// </summary>
    private static readonly DType[] Promoted =
    [
        // Bool       UInt8      Int8       Int16      Int32      Int64      Float16    BFloat16   Float32    Float64
        Bool,      UInt8,     Int8,      Int16,     Int32,     Int64,     Float16,   BFloat16,  Float32,   Float64, // Bool
        UInt8,     UInt8,     Int16,     Int16,     Int32,     Int64,     Float16,   BFloat16,  Float32,   Float64, // UInt8
        Int8,      Int16,     Int8,      Int16,     Int32,     Int64,     Float16,   BFloat16,  Float32,   Float64, // Int8
        Int16,     Int16,     Int16,     Int16,     Int32,     Int64,     Float16,   BFloat16,  Float32,   Float64, // Int16
        Int32,     Int32,     Int32,     Int32,     Int32,     Int64,     Float16,   BFloat16,  Float32,   Float64, // Int32
        Int64,     Int64,     Int64,     Int64,     Int64,     Int64,     Float16,   BFloat16,  Float32,   Float64, // Int64
        Float16,   Float16,   Float16,   Float16,   Float16,   Float16,   Float16,   Float32,   Float32,   Float64, // Float16
        BFloat16,  BFloat16,  BFloat16,  BFloat16,  BFloat16,  BFloat16,  Float32,   BFloat16,  Float32,   Float64, // BFloat16
        Float32,   Float32,   Float32,   Float32,   Float32,   Float32,   Float32,   Float32,   Float32,   Float64, // Float32
        Float64,   Float64,   Float64,   Float64,   Float64,   Float64,   Float64,   Float64,   Float64,   Float64, // Float64
    ];

    /// <summary>By <see cref="Code"/>, the place among <see cref="Promoting"/>; negative for the wide unsigned ones.</summary>
    private static readonly int[] Places = Array.ConvertAll(Members, member => Array.IndexOf(Promoting, member));

    private readonly Kind _kind;
    private readonly DType? _compute;
    private readonly string _name;

    private DType(Kind kind, string name, string torchName, string scalarName, string cppName, string cTypeName) =>
        (_kind, _name, TorchName, ScalarName, CppName, CTypeName) = (kind, name, torchName, scalarName, cppName, cTypeName);

    private enum Kind : byte
    {
        Bool,
        UInt8,
        Int8,
        Int16,
        Int32,
        Int64,
        UInt16,
        UInt32,
        UInt64,
        Float16,
        BFloat16,
        Float32,
        Float64,
    }

    /// <summary>All dtypes.</summary>
    public static IReadOnlyList<DType> All { get; } = Members.AsReadOnly();

    /// <summary>PyTorch's name, such as <c>torch.float32</c>.</summary>
    public string TorchName { get; }

    /// <summary>The size of one element in bytes.</summary>
    public int ItemSize { get; private init; }

    /// <summary>Whether elements are real numbers, so that gradients can flow through them.</summary>
    public bool IsFloatingPoint => Category == 2;

    /// <summary>Whether elements are whole numbers; <see cref="Bool"/> is not.</summary>
    public bool IsInteger => Category == 1;

    /// <summary>The .NET type of an element, such as <see cref="float"/>.</summary>
    public Type ElementType { get; private init; } = typeof(void);

    /// <summary>
    /// The place among <see cref="Members"/>: what tensors and nodes hold instead of the object.
    /// It fits beside their other bytes, and the collector need not hear of it.
    /// </summary>
    internal byte Code => (byte)_kind;

    /// <summary>The dtype of real numbers where none is named.</summary>
    internal static DType DefaultReal => Float32;

    /// <summary>Whether elements are stored in fewer bits than they are computed with.</summary>
    internal bool IsNarrow => _compute is not null;

    /// <summary>
    /// Whether there are loops that compute with elements as they are stored. Other whole numbers cost a program no loops but those that convert them
    /// to and from int64: each of the five would double the loops of whole numbers.
    /// </summary>
    internal bool HasLoops { get; private init; } = true;

    /// <summary>The dtype that its elements are computed in, and rounded from when they are stored; itself for most.</summary>
    internal DType Compute
    {
        get => _compute ?? this;
        private init => _compute = value;
    }

    /// <summary>PyTorch's name of the scalar type, such as <c>Float</c>, as its messages use it.</summary>
    internal string ScalarName { get; }

    /// <summary>The C++ type, such as <c>float</c>, as some of PyTorch's messages have it.</summary>
    internal string CppName { get; }

    /// <summary>The C++ type as PyTorch's messages about numbers that do not fit have it, such as <c>int64_t</c>.</summary>
    internal string CTypeName { get; }

    /// <summary>0 for truth values, 1 for integers, 2 for reals: the order in which PyTorch promotes categories.</summary>
    internal int Category { get; private init; }

    /// <summary>The largest finite number.</summary>
    internal double Most { get; private init; }

    /// <summary>How far the next number after 1 is, of reals; 0 for others.</summary>
    internal double Epsilon { get; private init; }

    /// <summary>The smallest dtype that holds the numbers of both (<c>torch.promote_types</c>).</summary>
    /// <exception cref="DTypeException">One is uint16, uint32 or uint64, and the other one other whole numbers.</exception>
    public static DType Promote(DType first, DType second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (row, column) = (Places[(int)first._kind], Places[(int)second._kind]);
        return row >= 0 && column >= 0 ? Promoted[(row * Promoting.Length) + column]
            : first == second || first.IsFloatingPoint || second == Bool ? first
            : second.IsFloatingPoint || first == Bool ? second
            : throw new DTypeException(
                $"Promotion for uint16, uint32, uint64 types is not supported, attempted to promote {first.ScalarName} and {second.ScalarName}. " +
                "Convert one of them first, for example with To(DType.Int64).");
    }

    /// <summary>The dtype whose elements are of a .NET type.</summary>
    /// <typeparam name="T">bool, sbyte, byte, short, ushort, int, uint, long, ulong, Half, BFloat16, float or double.</typeparam>
    /// <exception cref="DTypeException">There is none.</exception>
    public static DType Of<T>()
        where T : unmanaged => Elements<T>.DType ?? throw new DTypeException(
            $"There is no dtype for {typeof(T).Name}. Use bool, sbyte, byte, short, ushort, int, uint, long, ulong, Half, BFloat16, float or " +
            "double.");

    /// <summary>The dtype with a name, PyTorch's or this library's: <c>torch.float32</c>, <c>float32</c> or <c>Float32</c>.</summary>
    /// <exception cref="DTypeException">There is none.</exception>
    public static DType Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Find(
            Members, member => member.TorchName == name || member.TorchName.AsSpan("torch.".Length).SequenceEqual(name) || member._name == name)
            ?? throw new DTypeException($"'{name}' is not a dtype. There are {string.Join(", ", Members.Select(member => member.TorchName))}.");
    }

    /// <summary>The name of the member, such as <c>Float32</c>.</summary>
    public override string ToString() => _name;

    /// <summary>The dtype of a <see cref="Code"/>. There is no other way to a code, so the place is not checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static DType Of(byte code) => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Members), code);

    /// <summary>Runs the part of a job that is for elements of this dtype.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Visit<J>(ref J job)
        where J : struct, IDTypeJob, allows ref struct
    {
        switch (_kind)
        {
            case Kind.Bool:
                job.Truth();
                return;
            case Kind.UInt8:
                job.Whole<byte>();
                return;
            case Kind.Int32:
                job.Whole<int>();
                return;
            case Kind.Int64:
                job.Whole<long>();
                return;
            case Kind.Float16:
                job.Real<Half, float, AsHalf>();
                return;
            case Kind.BFloat16:
                job.Real<Adjoint.BFloat16, float, AsBFloat16>();
                return;
            case Kind.Float32:
                job.Real<float, float, AsStored<float>>();
                return;
            case Kind.Float64:
                job.Real<double, double, AsStored<double>>();
                return;
        }

        if (J.Rare == RareWhole.Run)
        {
            VisitRare(ref job);
        }
        else if (J.Rare == RareWhole.Refused || !IsNarrow)
        {
            throw NotImplemented("operator");
        }
    }

    /// <summary>Runs a job for reals; others are refused.</summary>
    /// <param name="job">The job.</param>
    /// <param name="kernel">What PyTorch calls the kernel, in whose name others are refused.</param>
    /// <exception cref="DTypeException">Elements are no reals.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void VisitReal<J>(ref J job, string kernel)
        where J : struct, IRealJob, allows ref struct
    {
        var reals = new RealsOnly<J> { Job = job };
        Visit(ref reals);
        job = reals.Ran ? reals.Job : throw NotImplemented(kernel);
    }

    /// <inheritdoc cref="VisitReal{J}(ref J, string)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void VisitReal<J>(J job, string kernel)
        where J : struct, IRealJob, allows ref struct => VisitReal(ref job, kernel);

    /// <summary>Runs the part for whole numbers of a job that has one for those without loops.</summary>
    private void VisitRare<J>(ref J job)
        where J : struct, IDTypeJob, allows ref struct
    {
        switch (_kind)
        {
            case Kind.Int8:
                job.Whole<sbyte>();
                return;
            case Kind.Int16:
                job.Whole<short>();
                return;
            case Kind.UInt16:
                job.Whole<ushort>();
                return;
            case Kind.UInt32:
                job.Whole<uint>();
                return;
            case Kind.UInt64:
                job.Whole<ulong>();
                return;
        }

        throw new UnreachableException();
    }

    /// <summary>What a kernel throws that has no loop for this dtype.</summary>
    /// <param name="name">What PyTorch calls the kernel.</param>
    internal DTypeException NotImplemented(string name) => new(
        $"\"{name}\" not implemented for '{ScalarName}'. Convert the tensor first: x.To(DType.Float32).");

    /// <summary>The dtype of a .NET type, found once.</summary>
    private static class Elements<T>
    {
        public static readonly DType? DType = Array.Find(Members, member => member.ElementType == typeof(T));
    }

    /// <summary>A job for reals in the place of one for all: truth values and whole numbers leave it undone.</summary>
    private ref struct RealsOnly<J> : IDTypeJob
        where J : struct, IRealJob, allows ref struct
    {
        public J Job;
        public bool Ran;

        static RareWhole IDTypeJob.Rare => RareWhole.Run;

        readonly void IDTypeJob.Truth()
        {
        }

        readonly void IDTypeJob.Whole<T>()
        {
        }

        void IDTypeJob.Real<S, T, C>()
        {
            if (typeof(S) == typeof(T))
            {
                Job.Run<T>();
                Ran = true;
            }
        }
    }
}
