using System.Numerics;
using System.Text;

namespace Adjoint.Files;

/// <summary>
/// All that a pickle of PyTorch's may name here: what rebuilds tensors and parameters, ordered dictionaries, types of storages, dtypes, sizes,
/// devices, bytes. It is what <c>torch.load(weights_only=True)</c> takes for weights. Nothing else is called, whatever its name.
/// </summary>
/// <param name="path">What messages call the file.</param>
/// <param name="bound">How much memory the file may still ask for.</param>
/// <param name="isSwapped">Whether the file is of the other byte order.</param>
/// <param name="storage">Makes the storage of a persistent id.</param>
internal sealed class TorchGlobals(string path, MemoryBound bound, bool isSwapped, Func<object?[], TorchGlobals.Stored> storage)
    : PickleReader.IAllowed
{
    /// <summary>What a tensor costs beside its elements.</summary>
    private const int TensorCost = 600;

    private static readonly Dictionary<string, string> Storages = new(StringComparer.Ordinal)
    {
        ["FloatStorage"] = "float32", ["DoubleStorage"] = "float64", ["HalfStorage"] = "float16", ["BFloat16Storage"] = "bfloat16",
        ["LongStorage"] = "int64", ["IntStorage"] = "int32", ["ShortStorage"] = "int16", ["CharStorage"] = "int8", ["ByteStorage"] = "uint8",
        ["BoolStorage"] = "bool", ["UntypedStorage"] = "uint8", ["_UntypedStorage"] = "uint8",
    };

    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3", "torch._utils._rebuild_parameter",
        "collections.OrderedDict", "torch.Size", "torch.device", "_codecs.encode",
    };

    /// <summary>A function of the list, which is no text: a text of the same letters cannot be called.</summary>
    internal sealed record Function(string Name);

    /// <summary>The type of a storage.</summary>
    /// <param name="DType">Of its elements.</param>
    internal sealed record StorageType(DType DType);

    /// <summary>A storage of the file.</summary>
    /// <param name="Memory">Its memory; null while only the sizes are read.</param>
    /// <param name="Length">Its bytes.</param>
    /// <param name="DType">The dtype that its elements were saved as.</param>
    internal sealed record Stored(Memory.Storage? Memory, long Length, DType DType);

    public object Global(string module, string name)
    {
        var full = module + "." + name;
        if (Functions.Contains(full))
        {
            return new Function(full);
        }

        if (module is "torch" or "torch.storage" && Storages.TryGetValue(name, out var dtype))
        {
            return new StorageType(Parse(dtype));
        }

        if (module == "torch" && Array.Exists(SafeTensors.DTypes, pair => pair.DType == name))
        {
            return Parse(name);
        }

        throw new TensorFileException(
            $"{path}: Unsupported global: GLOBAL {full} was not an allowed global by default. " +
            (WhatIsNotRead(module, name) is { } known
                ? $"It is of a tensor that is not read: {known}"
                : "It is not run here, whatever it is: a file of weights has tensors, containers and numbers alone. In Python, save " +
                "model.state_dict() instead of the model."));
    }

    public object? Call(object function, object?[] arguments) => ((function as Function)?.Name, arguments) switch
    {
        ("collections.OrderedDict", []) => New(),
        ("collections.OrderedDict", [List<object?> pairs]) => Ordered(pairs),
        ("torch.Size", [object?[] sizes]) => sizes,
        ("torch.device", [string device, ..]) => device,
        ("_codecs.encode", [string text, "latin1" or "latin-1"]) => Bytes(text),
        ("torch._utils._rebuild_parameter", [Tensor x, bool requiresGrad, ..]) => Parameter(x, requiresGrad),
        ("torch._utils._rebuild_tensor", [Stored s, long offset, object?[] sizes, object?[] strides]) => Tensor(s, s.DType, offset, sizes, strides),
        ("torch._utils._rebuild_tensor_v2", [Stored s, long offset, object?[] sizes, object?[] strides, bool requiresGrad, ..]) =>
            Parameter(Tensor(s, s.DType, offset, sizes, strides), requiresGrad),
        ("torch._utils._rebuild_tensor_v3",
            [Stored s, long offset, object?[] sizes, object?[] strides, bool requiresGrad, _, DType dtype, ..]) =>
            Parameter(Tensor(s, dtype, offset, sizes, strides), requiresGrad),
        ({ } name, _) => throw new TensorFileException($"{path}: {name} is called with arguments that it does not take."),
        _ => throw new TensorFileException($"{path}: something is called that is no function."),
    };

    public object Persistent(object?[] id) => storage(id);

    /// <summary>Names of tensors that PyTorch has and this library has not.</summary>
    private static string? WhatIsNotRead(string module, string name) => (module, name) switch
    {
        ("torch" or "torch.storage", _) when name.StartsWith("complex", StringComparison.OrdinalIgnoreCase) =>
            "there are no complex numbers; save x.real and x.imag.",
        ("torch" or "torch.storage", _) when name.StartsWith("float8", StringComparison.OrdinalIgnoreCase) =>
            "there are no numbers of 8 bits; save x.to(torch.bfloat16).",
        ("torch" or "torch.storage", _) when name.StartsWith('Q') || name.StartsWith("qint", StringComparison.Ordinal)
            || name.StartsWith("quint", StringComparison.Ordinal) => "it is quantised; save x.dequantize().",
        ("torch._utils", "_rebuild_qtensor") => "it is quantised; save x.dequantize().",
        ("torch._utils", "_rebuild_sparse_tensor" or "_rebuild_sparse_csr_tensor") => "it is sparse; save x.to_dense().",
        ("torch._utils", "_rebuild_meta_tensor_no_storage") => "it has no elements, on the meta device.",
        ("torch._utils", "_rebuild_nested_tensor") => "it is nested; save its parts.",
        _ => null,
    };

    private static Tensor Parameter(Tensor x, bool requiresGrad)
    {
        if (requiresGrad && x.DType.IsFloatingPoint)
        {
            x.RequiresGrad = true;
        }

        return x;
    }

    private Tensor Tensor(Stored stored, DType dtype, long offset, object?[] sizes, object?[] strides)
    {
        bound.Take(TensorCost);
        var fits = sizes.Length == strides.Length && sizes.Length <= 64 && offset >= 0;
        var (shape, steps) = (new int[fits ? sizes.Length : 0], new nint[fits ? sizes.Length : 0]);
        var last = new BigInteger(offset);
        var (count, steepest) = (BigInteger.One, BigInteger.One);
        for (var d = 0; fits && d < shape.Length; d++)
        {
            fits = sizes[d] is long size and >= 0 and <= int.MaxValue && strides[d] is long and >= 0;
            if (fits)
            {
                (shape[d], steps[d]) = ((int)(long)sizes[d]!, (nint)(long)strides[d]!);
                count *= shape[d];
                steepest *= Math.Max(shape[d], 1);
                last += (new BigInteger(shape[d]) - 1) * steps[d];

                // The step of a dimension of one element is never taken, and may be any number; one that nothing can be multiplied by is not kept.
                steps[d] = shape[d] == 1 && steps[d] > stored.Length ? 1 : steps[d];
            }
        }

        // Sizes are products of what the file says, so nothing is computed in 64 bits before it is known to fit.
        if (!fits || steepest > long.MaxValue / 8 || (!count.IsZero && (last + 1) * dtype.ItemSize > stored.Length))
        {
            throw new TensorFileException($"{path}: a tensor reaches beyond its storage of {stored.Length} bytes.");
        }

        if (isSwapped && dtype.ItemSize != stored.DType.ItemSize && dtype.ItemSize > 1)
        {
            throw new TensorFileException($"{path}: a tensor of {dtype.TorchName} lies in a storage whose byte order cannot be turned.");
        }

        return stored.Memory is not { } memory
            ? Adjoint.Tensor.Empty([0], DType.UInt8)
            : new Tensor(memory, count.IsZero ? Layout.Dense(shape) : new Layout(shape, steps, (nint)offset), dtype);
    }

    private PickleDictionary New()
    {
        // What each tensor has in the place of its hooks, nearly always empty.
        bound.Take(sizeof(long) * 4);
        return new PickleDictionary();
    }

    private PickleDictionary Ordered(List<object?> pairs)
    {
        bound.Take(64L * (pairs.Count + 2));
        var ordered = new PickleDictionary();
        foreach (var pair in pairs)
        {
            ordered[pair is object?[] and [string key, _] ? key : throw new TensorFileException($"{path}: a dictionary has no pairs.")] =
                ((object?[])pair)[1];
        }

        return ordered;
    }

    private byte[] Bytes(string text)
    {
        bound.Take(text.Length + 24L);
        return text.All(letter => letter <= byte.MaxValue)
            ? Encoding.Latin1.GetBytes(text)
            : throw new TensorFileException($"{path}: a text that stands for bytes has other letters.");
    }

    private DType Parse(string name)
    {
        try
        {
            return DType.Parse(name);
        }
        catch (DTypeException fault)
        {
            throw new TensorFileException($"{path}: {fault.Message}", fault);
        }
    }
}
