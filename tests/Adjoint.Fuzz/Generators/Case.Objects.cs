using System.Reflection;
using Adjoint.Algebra;
using Adjoint.Engine;
using Adjoint.Fuzz.Calls;
using Adjoint.NN;
using Module = Adjoint.NN.Module;

namespace Adjoint.Fuzz.Generators;

/// <summary>A value of any type that a parameter has.</summary>
internal sealed partial class Case
{
    private const int Deepest = 3;

    private static readonly Dictionary<Type, MethodInfo> s_lists = [];

    public Made Make(Type type, string name)
    {
        _depth++;
        try
        {
            return _depth > 12 ? new Made(null, "null") : MakeAny(type, name);
        }
        finally
        {
            _depth--;
        }
    }

    private Made MakeAny(Type type, string name)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return _dice.OneIn(2) ? new Made(null, "null") : Make(inner, name);
        }

        if (Thunk.IsSpan(type))
        {
            return MakeArray(type.GetGenericArguments()[0], name);
        }

        if (type.IsEnum)
        {
            var choices = Enum.GetValues(type);
            var choice = _dice.OneIn(12)
                ? Enum.ToObject(type, _dice.Of(choices.Length, choices.Length + 1, 21, 127, 255))
                : choices.GetValue(_dice.Below(choices.Length))!;
            return new Made(choice, Say(() => Literal(choice)));
        }

        return type switch
        {
            _ when type == typeof(DType) => IsOptional(name) && _dice.OneIn(2) ? new Made(null, "null") : AnyDType(),
            _ when type == typeof(Tensor) => AnyTensor(name, IsOptional(name)),
            _ when type == typeof(int) => Plain(Int(name)),
            _ when type == typeof(long) => Plain(Long(name)),
            _ when type == typeof(ulong) => Plain(_dice.OneIn(3) ? _dice.Bits() : (ulong)_dice.Below(9)),
            _ when type == typeof(double) => Plain(Real(name)),
            _ when type == typeof(float) => Plain((float)Real(name)),
            _ when type == typeof(Half) => Plain((Half)Real(name)),
            _ when type == typeof(byte) => Plain((byte)Int(name)),
            _ when type == typeof(bool) => Plain(_dice.OneIn(2)),
            _ when type == typeof(string) => AnyWord(name),
            _ when type == typeof(object) => _dice.OneIn(2) ? AnyTensor(name) : Plain(Real(name)),
            _ when type == typeof(Type) => Plain(typeof(Tensor)),
            _ when type == typeof(TimeSpan) => Plain(TimeSpan.FromTicks(_dice.Below(1000))),
            _ when type == typeof(Index) => Plain(new Index(_dice.Below(4), _dice.OneIn(2))),
            _ when type == typeof(Range) => Plain(new Range(new Index(_dice.Below(4), _dice.OneIn(3)), new Index(_dice.Below(4), _dice.OneIn(2)))),
            _ when type == typeof(TensorIndex) => AnyIndex(),
            _ when type == typeof(PerAxis) => AnyPerAxis(name),
            _ when type == typeof(ConvPadding) => AnyPadding(name),
            _ when type == typeof(Generator) => AnyGenerator(),
            _ when type == typeof(Shape) => AnyShape(name),
            _ when type == typeof(Node) => AnyNode(),
            _ when type == typeof(Exception) => Plain(new InvalidOperationException("made up")),
            _ when type == typeof(FunctionContext) => AnyContext(),
            _ when type == typeof(Layer) => AnyLayer(),
            _ when type == typeof(Linear) => new Made(new Linear(2, 3), "new Linear(2, 3)"),
            _ when type == typeof(Module) => AnyLayer(),
            _ when type == typeof(Function) =>
                new Made(new CustomFunction(AnyBody("forward", typeof(Tensor)), AnyBody("backward", typeof(Tensor))), "customFunction"),
            _ when type == typeof(MultiFunction) =>
                new Made(new CustomMultiFunction(AnyBody("forward", typeof(Tensor)), AnyBody("backward", typeof(Tensor))), "customMultiFunction"),
            _ when type == typeof(Optimizer) => AnyOptimizer(),
            _ when typeof(Delegate).IsAssignableFrom(type) => AnyFunction(type, name),
            { IsArray: true } => type.GetArrayRank() == 1
                ? MakeArray(type.GetElementType()!, name)
                : MakeMatrix(type.GetElementType()!, type.GetArrayRank()),
            { IsGenericType: true } => MakeGeneric(type, name),
            _ => MakeByMember(type),
        };
    }

    private static bool IsOptional(string name) =>
        name is "bias" or "runningMean" or "runningVar" or "attnMask" or "keyPaddingMask" or "gradient" or "gradOutput"
            or "mask" or "min" or "max" or "step";

    private Made Plain(object? value) => new(value, Say(() => Literal(value)));

    private Made MakeArray(Type element, string name)
    {
        if (element == typeof(int))
        {
            var ints = Ints(name);
            return new Made(ints, Say(() => $"[{string.Join(", ", ints.Select(i => Literal(i)))}]"));
        }

        if (element == typeof(byte) && name == "state")
        {
            var state = _dice.OneIn(2) ? new Generator(3).GetState() : new byte[_dice.Below(40)];
            return new Made(state, $"new byte[{state.Length}]");
        }

        var array = Array.CreateInstance(element, _dice.OneIn(100) ? 70 : _dice.Of(0, 1, 1, 2, 2, 3, 3, 4));
        var texts = new string[array.Length];
        for (var i = 0; i < array.Length; i++)
        {
            var made = Make(element, name is "tensors" && !_dice.OneIn(6) ? "x" : name);
            texts[i] = made.Text;
            if (made.Value is not null)
            {
                array.SetValue(made.Value, i);
            }
        }

        return new Made(array, Say(() => $"[{string.Join(", ", texts)}]"));
    }

    private Made MakeMatrix(Type element, int rank)
    {
        int rows = _dice.Below(4), columns = _dice.Below(4);
        int[] sizes = [.. Enumerable.Repeat(1, rank - 2), rows, columns];
        return new Made(Array.CreateInstance(element, sizes), Say(() => $"new {TypeNames.Of(element)}[{string.Join(", ", sizes)}]"));
    }

    private Made MakeGeneric(Type type, string name)
    {
        var definition = type.GetGenericTypeDefinition();
        var arguments = type.GetGenericArguments();
        if (type.IsAssignableTo(typeof(System.Runtime.CompilerServices.ITuple)))
        {
            var parts = arguments.Select((argument, i) => Make(argument, i == 0 ? name : "y")).ToArray();
            var values = parts.Zip(arguments, (part, argument) => part.Value ?? Default(argument)).ToArray();
            return new Made(Activator.CreateInstance(type, values), Say(() => $"({string.Join(", ", parts.Select(p => p.Text))})"));
        }

        if (definition == typeof(IReadOnlyList<>) || definition == typeof(IEnumerable<>) || definition == typeof(IReadOnlyCollection<>))
        {
            return _dice.OneIn(30) ? new Made(null, "null") : MakeArray(arguments[0], name);
        }

        if (definition == typeof(IReadOnlyDictionary<,>))
        {
            return arguments[1] == typeof(string) ? new Made(new Dictionary<string, string> { ["format"] = "pt" }, "texts")
                : arguments[1] == typeof(double) ? new Made(new Dictionary<string, double> { ["accuracy"] = Real(name) }, "measures")
                : MakeDictionary();
        }

        if (definition == typeof(One<>))
        {
            return new Made(Activator.CreateInstance(type, Make(arguments[0], "value").Value), "one");
        }

        return MakeByMember(type);
    }

    private Made MakeDictionary()
    {
        var values = new Dictionary<string, Tensor>();
        var module = Arguments.OfType<Module>().FirstOrDefault();
        foreach (var (name, value) in module?.NamedParameters() ?? [])
        {
            if (!_dice.OneIn(8))
            {
                values[name] = _dice.OneIn(8) ? (Tensor?)AnyTensor(name).Value! : value.Detach();
            }
        }

        if (_dice.OneIn(4))
        {
            values[Word("name") ?? "none"] = (Tensor?)AnyTensor("weight").Value!;
        }

        return new Made(values, Say(() => $"{{ {string.Join(", ", values.Select(v => $"[\"{v.Key}\"] = {v.Value?.Shape}"))} }}"));
    }

    // No rule of its own: by a constructor or by a member that returns one, as a user would get it.
    private Made MakeByMember(Type type)
    {
        var makers = Surface.All.MakersOf(type);
        if (makers.Length == 0 || _depth > Deepest)
        {
            return new Made(Default(type), "default");
        }

        var maker = makers[_dice.Below(makers.Length)];
        var types = maker.ArgumentTypes;
        var names = maker.ArgumentNames;
        var arguments = new object?[types.Length];
        var texts = new string[types.Length];
        for (var i = 0; i < types.Length; i++)
        {
            (arguments[i], texts[i]) = Make(types[i].IsByRef ? types[i].GetElementType()! : types[i], names[i]);
            arguments[i] ??= Default(types[i]);
        }

        try
        {
            var value = maker.Call(arguments);
            if (value is IDisposable scope)
            {
                Scopes.Add(scope);
            }

            return new Made(value, Say(() => maker.Describe(texts)));
        }
        catch (OutOfMemoryException)
        {
            IsWhole = false; // Another time there may be memory for it.
            return new Made(Default(type), "default");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or NullReferenceException or InvalidCastException
            or NotSupportedException or UserException or IOException or IndexOutOfRangeException or OverflowException or KeyNotFoundException)
        {
            // What is wrong with the maker comes to light when it is called itself.
            return new Made(Default(type), "default");
        }
    }

    private static object? Default(Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null && !type.IsByRefLike && type != typeof(void)
            ? Activator.CreateInstance(type)
            : null;

    private Made AnyIndex()
    {
        switch (_dice.Below(10))
        {
            case 0 or 1 or 2:
                var position = Int("dim");
                return new Made((TensorIndex)position, Say(() => Literal(position)));
            case 3:
                var far = Long("position");
                return new Made((TensorIndex)far, Say(() => Literal(far)));
            case 4:
                long? start = _dice.OneIn(3) ? null : Long("start"), stop = _dice.OneIn(3) ? null : Long("start");
                var step = _dice.OneIn(12) ? Math.Max(1, Long("step")) : _dice.Between(1, 3);
                return new Made(
                    TensorIndex.Slice(start, stop, step),
                    Say(() => $"TensorIndex.Slice({Literal(start)}, {Literal(stop)}, {Literal(step)})"));
            case 5:
                return new Made(TensorIndex.Ellipsis, "TensorIndex.Ellipsis");
            case 6:
                return new Made(TensorIndex.NewAxis, "TensorIndex.NewAxis");
            case 7:
                return new Made((TensorIndex)(..), "..");
            case 8:
                var ints = Ints("dim");
                return new Made((TensorIndex)ints, Say(() => $"new[] {{ {string.Join(", ", ints)} }}"));
            default:
                int[] shape = _dice.OneIn(2) && _firstShape is { Length: > 0 } first
                    ? first[..(1 + _dice.Below(first.Length))]
                    : Shapes.Any(_dice, 0, 2);
                var made = TensorOf(shape, _dice.OneIn(2) ? DType.Bool : _dice.Of(DType.Int64, DType.Int64, DType.Int32, DType.UInt8, DType.Float32),
                    _dice.OneIn(10) ? Grain.Wild : Grain.Index, 2);
                return new Made((TensorIndex)(Tensor)made.Value!, made.Text);
        }
    }

    private Made AnyPerAxis(string name)
    {
        if (name == "normalizedShape")
        {
            int[] sizes = _plan.ShapeOf(name) ?? Ints(name);
            return new Made((PerAxis)sizes, Say(() => $"[{string.Join(", ", sizes)}]"));
        }

        var values = new int[_dice.Of(0, 1, 1, 1, 1, 2, 3, 4)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _dice.OneIn(3) ? Int(name) : name.Contains("adding", StringComparison.Ordinal) ? _dice.Below(2) : _dice.Between(1, 3);
        }

        return new Made((PerAxis)values, Say(() => $"[{string.Join(", ", values)}]"));
    }

    private Made AnyPadding(string name)
    {
        if (_dice.OneIn(3))
        {
            var word = _dice.Of("same", "valid");
            return new Made((ConvPadding)word, Say(() => Literal(word)));
        }

        var (value, text) = AnyPerAxis(name);
        return new Made((ConvPadding)(PerAxis)value!, text);
    }

    private Made AnyGenerator()
    {
        if (_dice.OneIn(2))
        {
            return new Made(null, "null");
        }

        var seed = (ulong)_dice.Below(100);
        return new Made(new Generator(seed), Say(() => $"new Generator({seed})"));
    }

    private Made AnyShape(string name)
    {
        var sizes = _dice.OneIn(8) ? Ints(name) : Shapes.Any(_dice);
        try
        {
            return new Made((Shape)sizes, Say(() => $"(Shape)[{string.Join(", ", sizes)}]"));
        }
        catch (TensorException)
        {
            return new Made(default(Shape), "default(Shape)");
        }
    }

    private Made AnyNode()
    {
        var x = TensorOf(Shapes.Any(_dice, 0, 2), DType.Float32, Grain.Real, 1);
        var tensor = (Tensor)x.Value!;
        if (!tensor.RequiresGrad && !tensor.IsInference)
        {
            tensor.RequiresGrad = true;
        }

        var step = _dice.Below(3);
        var y = step switch { 0 => tensor.Sin(), 1 => tensor * tensor, _ => tensor.Sum() };
        return new Made(y.GradFn, Say(() => $"{x.Text}.{(step == 0 ? "Sin" : step == 1 ? "Square" : "Sum")}().GradFn"));
    }

    private Made AnyDType()
    {
        var dtype = _dice.Of<DType>(Data.DTypes);
        return new Made(dtype, $"DType.{dtype}");
    }
}
