using System.Reflection;
using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>The public methods that take a tensor first and give one, found by reflection.</summary>
internal static class PublicMethods
{
    public static IReadOnlyList<PublicMethod> All { get; } =
    [
        .. typeof(Tensor).Assembly.GetExportedTypes()
            .Where(type => type == typeof(Tensor) || type is { IsAbstract: true, IsSealed: true, IsNested: false })
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsGenericMethod && !method.IsSpecialName && method.ReturnType == typeof(Tensor))
            .Select(method => new PublicMethod(method))
            .Where(method => method.Parameters is [{ Type: var first }, ..] && first == typeof(Tensor)),
    ];

    /// <summary>
    /// Calls of every differentiable method that needs no other arguments than tensors: what is composed of operators comes under the laws by its
    /// name alone, too. Those that draw random numbers are left out.
    /// </summary>
    public static IEnumerable<Call> Calls() => All
        .Where(method => !method.Name.EndsWith('_'))

        // Of matrices drawn at random some are singular: linear algebra has points of its own.
        .Where(method => method.Method.DeclaringType != typeof(Linalg) && !LinearSystems.OwnPoints.Contains(method.Name)
            && !Spectra.OwnPoints.Contains(method.Name))

        // Differences would see that fewer digits are kept; Samples converts with a step of its own.
        .Where(method => method.Name is not (nameof(Tensor.Float) or nameof(Tensor.Half) or nameof(Tensor.BFloat16)))
        .Select(method => (Method: method, Tensors: method.Parameters.TakeWhile(parameter => IsRequiredTensor(parameter)).Count()))
        .Where(found => found.Method.Parameters.Skip(found.Tensors).All(parameter => parameter.HasDefault))
        .Where(found => found.Method.Parameters.All(parameter => !parameter.Type.IsByRefLike))
        .Select(found => new Call(found.Method.Description, draw => Of(found.Method, found.Tensors, draw), IsLoose: true))
        .Where(IsSmooth);

    /// <summary>The domains of the operator that is called like a method.</summary>
    public static IReadOnlyList<Domain>? DomainsOf(string method) => Specials.DomainsOf(method) ??
        Operators.Pointwise.Values.FirstOrDefault(op => op.Method == method)?.Domains;

    private static bool IsRequiredTensor(PublicMethod.Parameter parameter) =>
        parameter.Type == typeof(Tensor) && !parameter.HasDefault;

    private static Trial Of(PublicMethod method, int tensors, Draw draw)
    {
        // Probabilities are in every other domain as well.
        var domains = DomainsOf(method.Name);
        Domain At(int input) => domains is not null && input < domains.Count ? domains[input] : new(0.1, 0.9);
        var defaults = method.Parameters.Skip(tensors).Select(parameter => parameter.Default).ToArray();
        return new(
            x => method.Invoke([.. x, .. defaults]),
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
