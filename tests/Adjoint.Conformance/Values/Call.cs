using System.Globalization;

namespace Adjoint.Conformance.Values;

/// <summary>
/// The arguments of one call, by their place after the input or by name, in C#'s types. It remembers which were read: an argument that an
/// operator's line does not read would otherwise be ignored silently.
/// </summary>
internal sealed class Call(object? input, object?[] places, IReadOnlyDictionary<string, object?> names)
{
    private readonly bool[] _read = new bool[places.Length];
    private readonly HashSet<string> _readNames = [];

    /// <summary>The ranks of the outputs that the case has, where they tell which of several combinations it keeps.</summary>
    public IReadOnlyList<int> OutputRanks { get; init; } = [];

    /// <summary>The input as a tensor.</summary>
    public Tensor X => AsTensor(input);

    /// <summary>The input as a list of tensors.</summary>
    public Tensor[] List => [.. Several(input)!.Select(AsTensor)];

    /// <summary>The input, if it is a list, or else it and all arguments by place, as tensors.</summary>
    public Tensor[] All() => Several(input) is not null ? List : [X, .. Enumerable.Range(0, places.Length).Select(i => Tensor(i))];

    /// <summary>The names or places of the arguments that nobody read.</summary>
    public IEnumerable<string> Unread => places.Index().Where(item => !_read[item.Index]).Select(item => $"argument {item.Index}")
        .Concat(names.Where(named => !_readNames.Contains(named.Key) && !IsImmaterial(named.Key, named.Value)).Select(named => named.Key));

    /// <summary>The input as sizes, for operators such as <c>zeros</c>.</summary>
    public int[] InputSizes() => AsInts(input!);

    /// <summary>The input as a whole number.</summary>
    public int InputInt() => AsInt(input!);

    /// <summary>Whether an argument is there and not None.</summary>
    public bool Has(int place, string name) => Get(place, name) is not null;

    /// <summary>Whether an argument is named, be it None.</summary>
    public bool Names(string name) => names.ContainsKey(name);

    /// <summary>A tensor; a plain number becomes one that promotes as a number.</summary>
    public Tensor Tensor(int place, string name = "other") => AsTensor(Required(place, name));

    public Tensor? TensorOrNull(int place, string name) => Get(place, name) is { } value ? AsTensor(value) : null;

    /// <summary>A whole number, also from a tensor of one element.</summary>
    public int Int(int place, string name) => AsInt(Required(place, name));

    public int Int(int place, string name, int otherwise) => Get(place, name) is { } value ? AsInt(value) : otherwise;

    public int? IntOrNull(int place, string name) => Get(place, name) is { } value ? AsInt(value) : null;

    public double Number(int place, string name, double otherwise) => Get(place, name) is { } value ? AsDouble(value) : otherwise;

    public double? NumberOrNull(int place, string name) => Get(place, name) is { } value ? AsDouble(value) : null;

    public bool Flag(int place, string name, bool otherwise = false) => Get(place, name) is { } value ? (bool)value : otherwise;

    public string? Text(int place, string name) => (string?)Get(place, name);

    public DType? DTypeOrNull(int place = -1, string name = "dtype") => (DType?)Get(place, name);

    /// <summary>One or several whole numbers; none if the argument is not there.</summary>
    public int[] Ints(int place, string name) => Get(place, name) is { } value ? AsInts(value) : [];

    /// <summary>One or several numbers; null if the argument is not there.</summary>
    public double[]? Numbers(int place, string name) =>
        Get(place, name) is not { } value ? null : Several(value) is { } items ? [.. items.Select(item => AsDouble(item!))] : [AsDouble(value)];

    /// <summary>Sizes or dimensions, given as a list or as all the places from here on.</summary>
    public int[] Rest(int place, string name)
    {
        if (place >= places.Length || Several(places[place]) is not null)
        {
            return Ints(place, name);
        }

        return [.. Enumerable.Range(place, places.Length - place).Select(i => Int(i, name))];
    }

    /// <summary>An argument as it stands.</summary>
    public object? Get(int place, string name)
    {
        if (place >= 0 && place < places.Length)
        {
            _read[place] = true;
            return places[place];
        }

        _readNames.Add(name);
        return names.GetValueOrDefault(name);
    }

    /// <summary>The items of a list or a tuple; null if the value is neither.</summary>
    public static object?[]? Several(object? value) => value is TupleValue tuple ? tuple.Items : value as object?[];

    /// <summary>A value as a tensor: itself, or a plain number.</summary>
    /// <exception cref="InvalidCastException">It is neither.</exception>
    public static Tensor AsTensor(object? value) => value switch
    {
        Tensor tensor => tensor,
        long whole => whole,
        double real => real,
        bool truth => truth,
        _ => throw new InvalidCastException($"a tensor was expected, not {value ?? "None"}"),
    };

    private static int AsInt(object value) => value switch
    {
        Tensor tensor => checked((int)tensor.Item<long>()),
        long whole => checked((int)whole),
        _ => throw new InvalidCastException($"a whole number was expected, not {value}"),
    };

    private static double AsDouble(object value) => value is Tensor tensor ? tensor.Item() : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static int[] AsInts(object value) => Several(value) is { } items ? [.. items.Select(item => AsInt(item!))] : [AsInt(value)];

    /// <summary>
    /// What happens anyway: an option that is None is not given, the processor is the only device, a new tensor requires no grad, and dimensions go
    /// where nobody asks to keep them.
    /// </summary>
    private static bool IsImmaterial(string name, object? value) =>
        value is null || (name, value) is ("device", "cpu") or ("requires_grad", false) or ("keepdim", false);

    private object Required(int place, string name) => Get(place, name) ?? throw new ArgumentException($"the case has no argument '{name}'");
}
