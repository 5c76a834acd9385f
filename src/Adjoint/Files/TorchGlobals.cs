using System.Numerics;

namespace Adjoint.Files;

/// <summary>
/// All that a pickle of PyTorch's may name here: what rebuilds tensors and parameters, ordered dictionaries, types of storages, dtypes, sizes,
/// devices.
/// It is what <c>torch.load(weights_only=True)</c> takes for weights. Nothing else is called, whatever its name.
/// </summary>
internal sealed class TorchGlobals(string path, Func<object?[], TorchGlobals.Stored> storage) : PickleReader.IAllowed
{
    private static readonly Dictionary<string, string> Storages = new(StringComparer.Ordinal)
    {
        ["FloatStorage"] = "float32", ["DoubleStorage"] = "float64", ["HalfStorage"] = "float16", ["BFloat16Storage"] = "bfloat16",
        ["LongStorage"] = "int64", ["IntStorage"] = "int32", ["ShortStorage"] = "int16", ["CharStorage"] = "int8", ["ByteStorage"] = "uint8",
        ["BoolStorage"] = "bool", ["UntypedStorage"] = "uint8",
    };

    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3", "torch._utils._rebuild_parameter",
        "collections.OrderedDict", "torch.Size", "torch.device",
    };

    /// <summary>The type of a storage.</summary>
    /// <param name="DType">Of its elements.</param>
    internal sealed record StorageType(DType DType);

    /// <summary>A storage of the file.</summary>
    /// <param name="Memory">Its memory.</param>
    /// <param name="DType">The dtype that its elements were saved as.</param>
    internal sealed record Stored(Memory.Storage Memory, DType DType);

    public object Global(string module, string name)
    {
        var full = module + "." + name;
        if (Functions.Contains(full))
        {
            return full;
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
            $"{path}: Unsupported global: GLOBAL {full} was not an allowed global by default. It is not run here, whatever it is: a file of " +
            $"weights " +
            "has tensors, containers and numbers alone. In Python, save model.state_dict() instead of the model.");
    }

    public object? Call(object function, object?[] arguments) => (function, arguments) switch
    {
        ("collections.OrderedDict", []) => new PickleDictionary(),
        ("collections.OrderedDict", [List<object?> pairs]) => Ordered(pairs),
        ("torch.Size", [object?[] sizes]) => sizes,
        ("torch.device", [string device, ..]) => device,
        ("torch._utils._rebuild_parameter", [Tensor x, bool requiresGrad, ..]) => Parameter(x, requiresGrad),
        ("torch._utils._rebuild_tensor", [Stored s, long offset, object?[] sizes, object?[] strides]) => Tensor(s, s.DType, offset, sizes, strides),
        ("torch._utils._rebuild_tensor_v2", [Stored s, long offset, object?[] sizes, object?[] strides, bool requiresGrad, ..]) =>
            Parameter(Tensor(s, s.DType, offset, sizes, strides), requiresGrad),
        ("torch._utils._rebuild_tensor_v3",
            [Stored s, long offset, object?[] sizes, object?[] strides, bool requiresGrad, _, DType dtype, ..]) =>
            Parameter(Tensor(s, dtype, offset, sizes, strides), requiresGrad),
        _ => throw new TensorFileException($"{path}: {function as string ?? "something"} is called with arguments that it does not take."),
    };

    public object Persistent(object?[] id) => storage(id);

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
        var fits = sizes.Length == strides.Length && sizes.Length <= 64 && offset >= 0;
        var (shape, steps) = (new int[sizes.Length], new nint[sizes.Length]);
        var last = new BigInteger(offset);
        var count = BigInteger.One;
        for (var d = 0; fits && d < shape.Length; d++)
        {
            fits = sizes[d] is long size and >= 0 and <= int.MaxValue && strides[d] is long and >= 0;
            if (fits)
            {
                (shape[d], steps[d]) = ((int)(long)sizes[d]!, (nint)(long)strides[d]!);
                count *= shape[d];
                last += (new BigInteger(shape[d]) - 1) * steps[d];
            }
        }

        // Sizes are products of what the file says, so nothing is computed in 64 bits before it is known to fit.
        fits = fits && count <= long.MaxValue / 8 && (count.IsZero || (last + 1) * dtype.ItemSize <= stored.Memory.ByteLength);
        return fits
            ? new Tensor(stored.Memory, count.IsZero ? Layout.Dense(shape) : new Layout(shape, steps, (nint)offset), dtype)
            : throw new TensorFileException($"{path}: a tensor reaches beyond its storage of {stored.Memory.ByteLength} bytes.");
    }

    private PickleDictionary Ordered(List<object?> pairs)
    {
        var ordered = new PickleDictionary();
        foreach (var pair in pairs)
        {
            ordered[pair is object?[] and [string key, _] ? key : throw new TensorFileException($"{path}: a dictionary has no pairs.")] =
                ((object?[])pair)[1];
        }

        return ordered;
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
