using System.Reflection;

namespace Adjoint.Tests.Laws;

/// <summary>A public method that takes a tensor first, be it as its object, and gives one.</summary>
internal sealed record PublicMethod(MethodInfo Method)
{
    public string Name => Method.Name;

    /// <summary>What the method takes, the object that it belongs to among it.</summary>
    public IReadOnlyList<Parameter> Parameters { get; } =
    [
        .. Method.IsStatic ? [] : new[] { new Parameter(Method.DeclaringType!, HasDefault: false, null) },
        .. Method.GetParameters().Select(parameter => new Parameter(parameter.ParameterType, parameter.HasDefaultValue, parameter.DefaultValue)),
    ];

    public string Description => Owner + $"{Name}({string.Join(", ", Parameters.Select(parameter => parameter.Type.Name))})";

    private string Owner => Method.DeclaringType == typeof(Tensor) ? string.Empty : Method.DeclaringType!.Name + ".";

    public Tensor Invoke(IEnumerable<object?> arguments)
    {
        object?[] all = [.. arguments];
        try
        {
            return (Tensor)(Method.IsStatic ? Method.Invoke(null, all) : Method.Invoke(all[0], all[1..]))!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    internal sealed record Parameter(Type Type, bool HasDefault, object? Default);
}
