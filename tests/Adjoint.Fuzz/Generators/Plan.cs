namespace Adjoint.Fuzz.Generators;

/// <summary>Arguments that fit each other, by the names of parameters; what is not named is random.</summary>
internal sealed class Plan
{
    private readonly Dictionary<string, int[]> _shapes = [];
    private readonly Dictionary<string, int> _numbers = [];
    private readonly Dictionary<string, int> _limits = [];
    private readonly Dictionary<string, DType> _dtypes = [];

    /// <summary>Whether the tensors of the call are real numbers.</summary>
    public bool IsReal { get; set; }

    public int[]? ShapeOf(string name) => _shapes.GetValueOrDefault(name);

    public int? NumberOf(string name) => _numbers.TryGetValue(name, out var number) ? number : null;

    /// <summary>Whole numbers from 0 to below this are what the parameter takes.</summary>
    public int? LimitOf(string name) => _limits.TryGetValue(name, out var limit) ? limit : null;

    public DType? DTypeOf(string name) => _dtypes.TryGetValue(name, out var dtype) ? dtype : null;

    public Plan Shape(string name, params int[] shape)
    {
        _shapes[name] = shape;
        return this;
    }

    public Plan Number(string name, int number)
    {
        _numbers[name] = number;
        return this;
    }

    public Plan Indices(string name, int[] shape, int limit)
    {
        _shapes[name] = shape;
        _limits[name] = limit;
        _dtypes[name] = DType.Int64;
        return this;
    }

    public Plan Mask(string name, int[] shape)
    {
        _shapes[name] = shape;
        _dtypes[name] = DType.Bool;
        return this;
    }
}
