using System.Collections;
using System.Runtime.CompilerServices;

namespace Adjoint.Fuzz.Generators;

/// <summary>
/// What a generated function does: takes the tensors among its arguments, runs some steps on them and returns something of the type asked for.
/// </summary>
internal sealed class Body(Type result, IReadOnlyList<Func<Tensor, Tensor>> steps, Ending ending, string text)
{
    /// <summary>Returns what its caller may not expect, such as too few gradients.</summary>
    public bool IsLoose => ending == Ending.Loose;

    public string Text => text;

    public object? Run(object?[] arguments)
    {
        if (ending == Ending.Throws)
        {
            throw new UserException();
        }

        var tensors = new List<Tensor>();
        FunctionContext? context = null;
        foreach (var argument in arguments)
        {
            context ??= argument as FunctionContext;
            Collect(argument, tensors);
        }

        if (context is not null)
        {
            Use(context, tensors);
        }

        if (tensors.Count > 0)
        {
            var x = tensors[0];
            for (var i = 1; i < tensors.Count && ending == Ending.Combines; i++)
            {
                x = x * tensors[i];
            }

            foreach (var step in steps)
            {
                x = step(x);
            }

            tensors[0] = x;
        }

        return ending == Ending.Null && !result.IsValueType ? null : Fit(result, tensors);
    }

    public static void Collect(object? value, List<Tensor> tensors)
    {
        switch (value)
        {
            case Tensor tensor:
                tensors.Add(tensor);
                break;
            case IReadOnlyDictionary<string, Tensor> named:
                tensors.AddRange(named.Values);
                break;
            case Array { Length: < 10_000 } or IEnumerable<Tensor?>:
                foreach (var element in (IEnumerable)value)
                {
                    Collect(element, tensors);
                }

                break;
            case ITuple tuple:
                for (var i = 0; i < tuple.Length; i++)
                {
                    Collect(tuple[i], tensors);
                }

                break;
        }
    }

    private void Use(FunctionContext context, List<Tensor> tensors)
    {
        switch (ending)
        {
            case Ending.Plain:
                context.SaveForBackward([.. tensors]);
                context.State = tensors;
                break;
            case Ending.Combines:
                tensors.AddRange(context.SavedTensors);
                break;
            case Ending.Loose:
                context.MarkDirty([.. tensors]);
                context.SetMaterializeGrads(false);
                break;
        }
    }

    private object? Fit(Type type, List<Tensor> tensors)
    {
        if (type == typeof(Tensor))
        {
            return tensors.Count > 0 ? tensors[0] : Tensor.Ones(2, 2);
        }

        if (type == typeof(Tensor[]))
        {
            return ending == Ending.Loose ? [.. tensors.Take(1)] : tensors.ToArray();
        }

        if (type.IsGenericType && type.IsAssignableTo(typeof(ITuple)))
        {
            var parts = type.GetGenericArguments();
            var values = new object?[parts.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                values[i] = Fit(parts[i], [.. tensors.Skip(i)]);
            }

            return Activator.CreateInstance(type, values);
        }

        return type == typeof(double) ? 0.5 : type == typeof(string) ? "x"
            : type.IsValueType && type != typeof(void) ? Activator.CreateInstance(type) : null;
    }
}

/// <summary>How a generated function treats what it has.</summary>
internal enum Ending
{
    Plain,
    Combines,
    Loose,
    Null,
    Throws,
}
