using System.Reflection;
using System.Runtime.CompilerServices;
using Adjoint.Families;
using Adjoint.Graphs;
using static Adjoint.Transform;

namespace Adjoint.Tests.Laws;

/// <summary>Operators are record structs: their parameters are what a graph shows and compares, and all that there is of them.</summary>
public sealed class RecordsLaw
{
    private static readonly Type[] Readable =
    [
        typeof(bool), typeof(int), typeof(long), typeof(double), typeof(string), typeof(DType), typeof(Shape), typeof(int[]), typeof(long[]),
        typeof(double[]),
    ];

    public static TheoryData<Type> Types =>
    [
        .. Operators.Types.Select(type => type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void AnOperatorIsARecordStructOfItsParameters(Type type)
    {
        Assert.NotNull(type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic));
        Assert.NotNull(type.GetCustomAttribute<IsReadOnlyAttribute>());
        var primary = type.GetConstructors()
            .OrderByDescending(constructor => constructor.GetParameters().Length)
            .FirstOrDefault()?.GetParameters() ?? [];
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        Assert.Equal(primary.Select(parameter => $"<{parameter.Name}>k__BackingField").Order(), fields.Select(field => field.Name).Order());
        foreach (var parameter in primary)
        {
            Assert.True(char.IsUpper(parameter.Name![0]));
            Assert.False(parameter.ParameterType.IsArray, $"{parameter.Name} is compared by reference.");
            Assert.False(parameter.ParameterType == typeof(string), $"{parameter.Name} is a name that callers give.");
        }
    }

    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void EqualCallsAreEqualGraphs(string name)
    {
        if (Traced(name) is not { } first)
        {
            return;
        }

        var second = Traced(name)!;
        Assert.Equal(first.ToString(), second.ToString());
        Assert.Equal(first.Instructions.Count, second.Instructions.Count);
        foreach (var (a, b) in first.Instructions.Zip(second.Instructions))
        {
            Assert.Equal(a.Operation, b.Operation);
            Assert.Equal(a.Operation.GetHashCode(), b.Operation.GetHashCode());
        }
    }

    /// <summary>Each parameter of each operator in the graph, changed alone.</summary>
    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void AnotherParameterIsAnotherOperator(string name)
    {
        foreach (var instruction in Traced(name)?.Instructions ?? [])
        {
            foreach (var (parameter, other, isShown) in Others(instruction.Operation))
            {
                Assert.False(instruction.Operation.Equals(other), $"{instruction.Operation} and {other} differ in {parameter}.");
                if (isShown is { } shown)
                {
                    Assert.Equal(!shown, instruction.Operation.ToString() == other.ToString());
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void AttributesAreInTypesThatUsersHave(string name)
    {
        foreach (var instruction in Traced(name)?.Instructions ?? [])
        {
            var attributes = instruction.Operation.Attributes;
            Assert.Equal(attributes.Count, attributes.Select(pair => pair.Key).Distinct().Count());
            foreach (var (key, value) in attributes)
            {
                Assert.True(char.IsLower(key[0]), key);
                Assert.True(
                    value is null || Array.IndexOf(Readable, value.GetType()) >= 0 || value.GetType() is { IsEnum: true, IsPublic: true },
                    $"{instruction.Operation}: {key} is a {value?.GetType()}.");
            }
        }
    }

    private static Graph? Traced(string name)
    {
        var trial = Calls.All[name].Draw(new Draw(1));
        var points = Array.ConvertAll(trial.Inputs, x => x.Detach());
        try
        {
            return Trace((Tensor[] x) => trial.Run(x), points).Graph;
        }
        catch (AutogradException)
        {
            // What changes tensors in place has no graph.
            return null;
        }
    }

    private static IEnumerable<(string Parameter, Operation Other, bool? IsShown)> Others(Operation operation)
    {
        var property = operation.GetType().GetProperty("Operator", BindingFlags.Instance | BindingFlags.NonPublic);
        if (property?.GetValue(operation) is not IOperator op)
        {
            yield break;
        }

        // A family's operation is made of the operator and what else the family needs.
        var constructor = operation.GetType().GetConstructors()[0];
        var rest = constructor.GetParameters()[1..].Select(parameter => Captured(operation, parameter.Name!)).ToArray();
        foreach (var parameter in op.GetType()
                     .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(p => p.CanWrite))
        {
            var value = parameter.GetValue(op);
            foreach (var (name, other) in Other(value) is { } single ? [(parameter.Name, single)] : OtherRecords(value))
            {
                var changed = property.GetValue(operation)!;
                parameter.SetValue(changed, other);
                yield return (name, (Operation)constructor.Invoke([changed, .. rest]), name != parameter.Name ? null : parameter.GetMethod!.IsPublic);
            }
        }
    }

    /// <summary>Several parameters in one record, each changed alone.</summary>
    private static IEnumerable<(string Name, object Record)> OtherRecords(object? record)
    {
        if (record?.GetType().GetMethod("<Clone>$") is not { } clone)
        {
            yield break;
        }

        foreach (var parameter in record.GetType().GetProperties().Where(p => p.CanWrite))
        {
            if (Other(parameter.GetValue(record)) is { } value)
            {
                var other = clone.Invoke(record, null)!;
                parameter.SetValue(other, value);
                yield return ($"{record.GetType().Name}.{parameter.Name}", other);
            }
        }
    }

    private static object? Captured(object of, string name) => of.GetType()
        .GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
        .Single(field => field.Name.StartsWith($"<{name}>", StringComparison.Ordinal))
        .GetValue(of);

    private static object? Other(object? value) => value switch
    {
        bool truth => !truth,
        int number => number > 1 ? number - 1 : number + 1,
        nint number => number + 1,
        double number => double.IsFinite(number) && number + 1 != number ? number + 1 : 0.0,
        long number => number + 1,
        Enum call => Enum.GetValues(call.GetType()).Cast<object>().First(other => !other.Equals(call)),
        DType dtype => dtype == DType.Float32 ? DType.Float64 : DType.Float32,
        ValueArray<bool> marks => new ValueArray<bool>([.. marks.Items.Select(mark => !mark)]),
        ValueArray<int> sizes => new ValueArray<int>([.. sizes.Items, 1]),
        ValueArray<nint> strides => new ValueArray<nint>([.. strides.Items, 1]),
        _ => null,
    };
}
