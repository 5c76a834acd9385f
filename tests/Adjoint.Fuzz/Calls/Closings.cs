using System.Reflection;
using Adjoint.Algebra;
using Adjoint.Fuzz.Generators;
using Adjoint.NN;

namespace Adjoint.Fuzz.Calls;

/// <summary>The types that stand for type parameters, chosen by the parameter's name and constraints.</summary>
internal static class Closings
{
    private static readonly Type[] s_numbers = [typeof(float), typeof(double), typeof(int), typeof(long), typeof(byte), typeof(bool), typeof(Half)];
    private static readonly Type[] s_trees = [typeof(Tensor), typeof((Tensor, Tensor)), typeof(Tensor[]), typeof(double)];

    public static IEnumerable<Type> OfType(Type type) =>
        type.IsGenericTypeDefinition ? Sets(type.GetGenericArguments()).Select(set => Close(() => type.MakeGenericType(set))).OfType<Type>() : [type];

    public static IEnumerable<MethodBase> OfMethod(MethodBase method) => method is MethodInfo { IsGenericMethodDefinition: true } generic
        ? Sets(generic.GetGenericArguments()).Select(set => Close(() => generic.MakeGenericMethod(set))).OfType<MethodBase>()
        : [method];

    // One set for each choice of the first parameter; the others follow it where they can, so that the sets stay few.
    private static IEnumerable<Type[]> Sets(Type[] parameters)
    {
        var choices = parameters.Select(ChoicesFor).ToArray();
        var count = choices.Max(c => c.Length);
        for (var i = 0; i < count; i++)
        {
            yield return [.. choices.Select(c => c[Math.Min(i, c.Length - 1)])];
        }

        // Mixed kinds: a tree goes in and a tensor comes out.
        if (parameters.Length > 1 && count > 1)
        {
            yield return [.. choices.Select((c, position) => c[Math.Min(position == 0 ? 1 : 0, c.Length - 1)])];
        }
    }

    private static Type[] ChoicesFor(Type parameter) => parameter.Name switch
    {
        "T" when parameter.DeclaringType == typeof(One<>) => [typeof(double), typeof(float)],
        "T" when parameter.DeclaringType == typeof(Autograd) => [typeof(Tensor), typeof(int)],
        "T" => s_numbers,
        "V" => [typeof(One<double>), typeof(One<float>)],
        "M" => [typeof(Layer), typeof(Linear)],
        "O" => [typeof(HalfSquare), typeof(WeightedSum), typeof(Blend)],
        "P" => [typeof(Tensor), typeof(string)],
        "X" => [typeof(Tensor), typeof(int)],
        _ => s_trees,
    };

    private static M? Close<M>(Func<M> make)
        where M : class
    {
        try
        {
            return make();
        }
        catch (ArgumentException)
        {
            return null; // The constraints rule this choice out.
        }
    }
}
