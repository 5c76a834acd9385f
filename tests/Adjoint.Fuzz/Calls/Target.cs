using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint.Fuzz.Calls;

/// <summary>A public member that can be called with arguments in an array: a method, an accessor, an operator or a constructor.</summary>
internal sealed class Target
{
    private static readonly MethodInfo s_copy = typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly bool _isInit;
    private Func<object?[], object?>? _invoke;

    public Target(MethodBase method, int weight)
    {
        Method = method;
        Weight = weight;
        Parameters = method.GetParameters();
        HasReceiver = !method.IsStatic && method is MethodInfo;
        _isInit = method is MethodInfo accessor && accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        Name = $"{TypeNames.Of(method.DeclaringType!)}.{(method is ConstructorInfo ? "new" : method.Name)}";
        Result = method is MethodInfo { ReturnType: var type } ? type : method.DeclaringType!;
    }

    public MethodBase Method { get; }

    /// <summary>How often this is called, compared with others.</summary>
    public int Weight { get; }

    public ParameterInfo[] Parameters { get; }

    /// <summary>Whether the first argument is the object that the method belongs to.</summary>
    public bool HasReceiver { get; }

    /// <summary>What the method calls the object that it belongs to.</summary>
    public string ReceiverName => Method.Name switch
    {
        "ScaledDotProductAttention" => "query",
        "Embedding" => "indices",
        _ => "x",
    };

    public string Name { get; }

    public Type Result { get; }

    /// <summary>Whether the first tensor may be written to.</summary>
    public bool IsInPlace =>
        Method.Name.EndsWith('_') || Method.Name.EndsWith("InPlace", StringComparison.Ordinal)
        || Method.Name.EndsWith("Assignment", StringComparison.Ordinal) || Method.Name is "set_Item" or "set_Part";

    public string[] ArgumentNames => HasReceiver ? [ReceiverName, .. Parameters.Select(p => p.Name!)] : [.. Parameters.Select(p => p.Name!)];

    public Type[] ArgumentTypes => HasReceiver
        ? [Method.DeclaringType!, .. Parameters.Select(p => p.ParameterType)]
        : [.. Parameters.Select(p => p.ParameterType)];

    public object? Call(object?[] arguments)
    {
        if (_isInit)
        {
            // C# lets it be called on a new object alone, such as the copy that "with" makes. What is shared would be another for all later calls.
            arguments = [s_copy.Invoke(arguments[0], null), .. arguments[1..]];
        }

        return (_invoke ??= Thunk.For(Method))(arguments);
    }

    /// <summary>The call as C#.</summary>
    public string Describe(IReadOnlyList<string> arguments)
    {
        var name = Method.Name;
        var type = TypeNames.Of(Method.DeclaringType!);
        var generic = Method is MethodInfo { IsGenericMethod: true } method
            ? "<" + string.Join(", ", method.GetGenericArguments().Select(TypeNames.Of)) + ">"
            : "";
        if (Method is ConstructorInfo)
        {
            return $"new {type}({string.Join(", ", arguments)})";
        }

        if (!HasReceiver)
        {
            return Method.IsSpecialName && name.StartsWith("get_", StringComparison.Ordinal) && arguments.Count == 0
                ? $"{type}.{name[4..]}"
                : $"{type}.{name}{generic}({string.Join(", ", arguments)})";
        }

        var rest = string.Join(", ", arguments.Skip(1));
        return name switch
        {
            "get_Item" or "get_Part" => $"{arguments[0]}[{rest}]",
            "set_Item" or "set_Part" => $"{arguments[0]}[{string.Join(", ", arguments.Skip(1).SkipLast(1))}] = {arguments[^1]}",
            _ when name.StartsWith("get_", StringComparison.Ordinal) => $"{arguments[0]}.{name[4..]}",
            _ when name.StartsWith("set_", StringComparison.Ordinal) => $"{arguments[0]}.{name[4..]} = {rest}",
            _ => $"{arguments[0]}.{name}{generic}({rest})",
        };
    }
}
