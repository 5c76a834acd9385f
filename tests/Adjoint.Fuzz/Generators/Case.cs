using Adjoint.Fuzz.Calls;

namespace Adjoint.Fuzz.Generators;

/// <summary>
/// One call with its arguments. Made anew from the same seed it has the same arguments again; a variant draws the same numbers but lays tensors
/// out densely, or also says what it made.
/// </summary>
internal sealed partial class Case
{
    private readonly Dice _dice;
    private readonly Plan _plan;
    private readonly bool _speaks;
    private readonly bool _copiesViews;
    private readonly bool _isSmall;
    private int _depth;

    public Case(Surface surface, ulong seed, long call, bool speaks = false, bool copiesViews = false)
        : this(dice => surface.At(dice.Below(surface.TotalWeight)), seed, call, speaks, copiesViews)
    {
    }

    public Case(Target target, ulong seed, long call)
        : this(_ => target, seed, call, speaks: false, copiesViews: false)
    {
    }

    private Case(Func<Dice, Target> choose, ulong seed, long call, bool speaks, bool copiesViews)
    {
        _dice = new Dice(seed, call);
        _speaks = speaks;
        _copiesViews = copiesViews;
        Target = choose(_dice);
        DrawsByLayout = Target.Method.Name.EndsWith("Normal_", StringComparison.Ordinal);
        _plan = Recipes.For(_dice, Target);
        // Whole Jacobians grow with the square of what goes in; those that a check compares, with what a function makes of it besides.
        _isSmall = Target.Method.DeclaringType is { } type && (type == typeof(Transform) || type == typeof(Diagnose)) &&
            (!_dice.OneIn(40) || type == typeof(Diagnose));
        Tensor.ManualSeed((ulong)call);
    }

    public Target Target { get; }

    public object?[] Arguments { get; private set; } = [];

    public string[] Texts { get; private set; } = [];

    /// <summary>Whether a value of each argument could be made, and of what the call then asked for.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Every tensor that was made for the arguments.</summary>
    public List<Tensor> Tensors { get; } = [];

    /// <summary>The tensors whose memory the others lie in.</summary>
    public List<Tensor> Roots { get; } = [];

    /// <summary>What has to be disposed after the call.</summary>
    public List<IDisposable> Scopes { get; } = [];

    /// <summary>A function among the arguments writes to what it is given.</summary>
    public bool HasWritingFunction { get; private set; }

    /// <summary>A hook or a derivative writes to what it is given, which is a gradient or a value that was saved.</summary>
    public bool HasWritingHook { get; private set; }

    /// <summary>A function writes where it may hold its argument or a copy of it, as the layout decides.</summary>
    public bool WritesByLayout { get; private set; }

    /// <summary>Something draws random numbers in an order that, as in PyTorch, depends on the layout.</summary>
    public bool DrawsByLayout { get; private set; }

    /// <summary>A tensor is narrower than its memory, or laid out in another order.</summary>
    public bool HasViews { get; private set; }

    /// <summary>Two tensors share memory.</summary>
    public bool HasAliases { get; private set; }

    /// <summary>A tensor has elements that share memory.</summary>
    public bool HasOverlaps { get; private set; }

    /// <summary>An argument has numbers at the ends of a dtype's range.</summary>
    public bool HasWildNumbers { get; private set; }

    /// <summary>A size or a position is far outside of what tensors here have.</summary>
    public bool HasWildSizes { get; private set; }

    /// <summary>An argument is a function, which may need much more memory than the arguments.</summary>
    public bool HasFunctions { get; private set; }

    /// <summary>The words among the arguments, which may come back as messages.</summary>
    public List<string> Words { get; } = [];

    /// <summary>What comes is decided by the same numbers as the arguments.</summary>
    public Dice Dice => _dice;

    public void MakeArguments()
    {
        try
        {
            MakeAll();
        }
        catch (Exception e) when (e is TensorException or ArgumentException or OutOfMemoryException)
        {
            IsWhole = false; // Two random choices exclude each other, such as inference mode and history.
        }
    }

    private void MakeAll()
    {
        var types = Target.ArgumentTypes;
        var names = Target.ArgumentNames;
        var arguments = new object?[types.Length];
        Texts = new string[types.Length];
        for (var i = 0; i < types.Length; i++)
        {
            var type = types[i].IsByRef ? types[i].GetElementType()! : types[i];
            var made = Target.HasReceiver && i == 0 ? Receiver(type) : Make(type, names[i]);
            (arguments[i], Texts[i]) = made;
            if (made.Value is null && type.IsValueType && Nullable.GetUnderlyingType(type) is null && !Thunk.IsSpan(type))
            {
                IsWhole = false;
            }
        }

        Arguments = arguments;
        IsWhole &= !Target.HasReceiver || arguments[0] is not null;
    }

    /// <summary>Arguments for a function that a call gave back.</summary>
    public object?[] ArgumentsFor(Delegate function) =>
        [.. function.Method.GetParameters().Where(p => p.ParameterType.Name != "Closure").Select(p => Make(p.ParameterType, p.Name ?? "x").Value)];

    /// <summary>The call as C#.</summary>
    public string Describe() => Target.Describe(Texts);

    private Made Receiver(Type type)
    {
        for (var i = 0; i < 5; i++)
        {
            if (Make(type, Target.ReceiverName) is { Value: not null } made)
            {
                return made;
            }
        }

        return default;
    }

    private string Say(Func<string> text) => _speaks ? text() : "";
}
