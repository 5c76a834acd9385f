using System.Reflection;
using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint.Tests.Laws;

/// <summary>The public methods that take a tensor first and give one, found by reflection: extension members are static methods to the runtime.</summary>
internal static class PublicMethods
{
    public static IReadOnlyList<MethodInfo> All { get; } =
    [
        .. typeof(Tensor).Assembly.GetExportedTypes()
            .Where(type => type is { IsAbstract: true, IsSealed: true, IsNested: false })
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsGenericMethod && method.ReturnType == typeof(Tensor))
            .Where(method => method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(Tensor)),
    ];

    /// <summary>
    /// Calls of every differentiable method that needs no other arguments than tensors: what is composed of operators comes under the laws by its name
    /// alone, too. Those that draw random numbers are left out.
    /// </summary>
    public static IEnumerable<Call> Calls() => All
        .Where(method => !method.Name.EndsWith('_'))
        .Select(method => (Method: method, Tensors: method.GetParameters().TakeWhile(parameter => IsRequiredTensor(parameter)).Count()))
        .Where(found => found.Method.GetParameters().Skip(found.Tensors).All(parameter => parameter.HasDefaultValue))
        .Where(found => found.Method.GetParameters().All(parameter => !parameter.ParameterType.IsByRefLike))
        .Select(found => new Call(Describe(found.Method), draw => Of(found.Method, found.Tensors, draw), IsLoose: true))
        .Where(IsSmooth);

    public static string Describe(MethodInfo method) =>
        $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";

    public static Tensor Invoke(MethodInfo method, IEnumerable<object?> arguments)
    {
        try
        {
            return (Tensor)method.Invoke(null, [.. arguments])!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    /// <summary>The domains of the operator that is called like a method.</summary>
    public static IReadOnlyList<Domain>? DomainsOf(string method) =>
        Operators.Pointwise.Values.FirstOrDefault(op => op.Method == method)?.Domains;

    private static bool IsRequiredTensor(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(Tensor) && !parameter.HasDefaultValue;

    private static Trial Of(MethodInfo method, int tensors, Draw draw)
    {
        // Probabilities are in every other domain as well.
        var domains = DomainsOf(method.Name);
        Domain At(int input) => domains is not null && input < domains.Count ? domains[input] : new(0.1, 0.9);
        var defaults = method.GetParameters().Skip(tensors).Select(parameter => parameter.DefaultValue).ToArray();
        return new(
            x => Invoke(method, [.. x, .. defaults]),
            [.. Enumerable.Range(0, tensors).Select(input => draw.Tensor([3, 3], At(input), input, tensors))]);
    }

    private static bool IsSmooth(Call call)
    {
        try
        {
            var trial = call.Draw(new Draw(1));
            var first = trial.Run(trial.Leaves());
            var values = first.Detach().ToArray<double>();

            // Two draws of a few random bits are the same now and then; nine are not.
            return first.RequiresGrad
                && Enumerable.Range(0, 8).All(_ => trial.Run(trial.Leaves()).Detach().ToArray<double>().SequenceEqual(values));
        }
        catch (TensorException)
        {
            return false;
        }
    }
}
