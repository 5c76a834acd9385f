using System.Reflection;
using Adjoint.Algebra;
using Adjoint.NN;
using Module = Adjoint.NN.Module;

namespace Adjoint.Fuzz.Calls;

/// <summary>
/// Every public member of both assemblies: generic methods stand once for each choice of types.
/// </summary>
internal sealed class Surface
{
    private readonly Dictionary<Type, Target[]> _makers = [];
    private readonly int[] _sums;

    private Surface(IEnumerable<Target> targets)
    {
        Targets = [.. targets];
        _sums = new int[Targets.Count];
        var sum = 0;
        for (var i = 0; i < Targets.Count; i++)
        {
            _sums[i] = sum += Targets[i].Weight;
        }
    }

    public IReadOnlyList<Target> Targets { get; }

    public int TotalWeight => _sums[^1];

    public static Surface All { get; } = new(Find());

    /// <summary>Those of whose type and name some text is a part.</summary>
    public Surface Only(string text)
    {
        var exact = Targets.Where(t => t.Method.Name.Equals(text, StringComparison.OrdinalIgnoreCase)).ToArray();
        return new Surface(exact.Length > 0 ? exact : Targets.Where(t => t.Name.Contains(text, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The target that a number from 0 to <see cref="TotalWeight"/> falls on.</summary>
    public Target At(int point)
    {
        var found = Array.BinarySearch(_sums, point + 1);
        return Targets[found < 0 ? ~found : found];
    }

    /// <summary>The members whose result can serve as a value of a type, constructors among them.</summary>
    public Target[] MakersOf(Type type)
    {
        if (!_makers.TryGetValue(type, out var makers))
        {
            makers = [.. Targets.Where(t => t.Result == type || (type.IsAssignableFrom(t.Result) && t.Result != typeof(object)))];
            _makers[type] = makers;
        }

        return makers;
    }

    private static IEnumerable<Target> Find()
    {
        const BindingFlags own = BindingFlags.Public | BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static;
        foreach (var assembly in new[] { typeof(Tensor).Assembly, typeof(Layer).Assembly })
        {
            foreach (var type in assembly.GetExportedTypes()
                         .Where(IsCallable).SelectMany(Closings.OfType).OrderBy(t => t.FullName, StringComparer.Ordinal))
            {
                // In the order of their text, so that a call's number means the same in every build of the same sources.
                foreach (var method in type.GetMembers(own).OfType<MethodBase>().OrderBy(m => m.ToString(), StringComparer.Ordinal))
                {
                    // Files are read and written by tests of their own, not under random names.
                    if ((method.IsAbstract && method.DeclaringType!.IsInterface)
                        || Array.Exists(method.GetParameters(), parameter => parameter.Name == "path"))
                    {
                        continue;
                    }

                    foreach (var closed in Closings.OfMethod(method))
                    {
                        if (!closed.ContainsGenericParameters && !(closed is ConstructorInfo && type.IsAbstract))
                        {
                            yield return new Target(closed, WeightOf(closed));
                        }
                    }
                }
            }
        }
    }

    // The compiler keeps the shape of extension blocks in nested types with names that nobody can write.
    private static bool IsCallable(Type type) =>
        !type.IsEnum && !type.IsInterface && !type.Name.StartsWith('<') && !(type.DeclaringType?.Name.StartsWith('<') ?? false);

    private static int WeightOf(MethodBase method)
    {
        var type = method.DeclaringType!;
        if (type == typeof(Transform) || type == typeof(Checkpoint) || type == typeof(Autograd))
        {
            return 12;
        }

        if (type.IsAssignableTo(typeof(Exception)) || type.Namespace == typeof(One<>).Namespace)
        {
            return 1;
        }

        if (method is { IsSpecialName: true } and not ConstructorInfo && type != typeof(Tensor))
        {
            return 1;
        }

        return type.IsAssignableTo(typeof(Module)) ? 6 : type == typeof(Tensor) || method.IsStatic ? 10 : 2;
    }
}
