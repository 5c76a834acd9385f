using System.Collections;
using System.Reflection;
using Adjoint.Fuzz.Generators;
using Adjoint.NN;
using Module = Adjoint.NN.Module;

namespace Adjoint.Fuzz.Running;

/// <summary>Makes one call, in a random mode, and takes gradients of what it returned.</summary>
internal sealed class Execution(Case made)
{
    /// <summary>What the call threw; null if it returned.</summary>
    public Exception? Thrown { get; private set; }

    /// <summary>Every tensor that came out, gradients included.</summary>
    public List<Tensor> Tensors { get; } = [];

    /// <summary>Every plain number that came out.</summary>
    public List<double> Numbers { get; } = [];

    /// <summary>Gradients that do not fit their tensor.</summary>
    public string? WrongGradient { get; private set; }

    /// <summary>Nothing was recorded: then a view requires grad if its base does, so that a copy
    /// of it may have no gradient where it has one.</summary>
    public bool IsUnrecorded { get; private set; }

    public void Run()
    {
        try
        {
            try
            {
                EnterMode();
                Take(made.Target.Call(made.Arguments), 0);
                if (made.Dice.OneIn(2))
                {
                    Backward();
                }
            }
            finally
            {
                LeaveModes();
            }
        }
        catch (Exception e)
        {
            // Whatever it is, it is judged by its type.
            Thrown = e;
        }

        if (made.Target.Method.Name == "add_Warning" && made.Arguments[0] is Action<string> listener)
        {
            Autograd.Warning -= listener;
        }
    }

    private void EnterMode()
    {
        if (!made.Dice.OneIn(12))
        {
            return;
        }

        IDisposable mode = made.Dice.Below(14) switch
        {
            0 => Autograd.NoGrad(),
            1 => Autograd.InferenceMode(),
            2 => Autograd.DetectAnomaly(),
            3 => Diagnose.TraceOrigins(),
            4 => Diagnose.WatchNonFinite(),
            5 => Diagnose.Profile(),
            6 => new TensorScope(),
            7 => Autograd.AllowMutationOnSavedTensors(),
            8 => Autograd.SaveAsHalf(),
            9 => Autograd.SaveAsBFloat16(),
            10 => Autograd.SaveOnDisk(),
            11 => Autograd.DisableSavedTensorHooks("not here"),
            _ => Autograd.SavedTensorHooks(
                (Func<Tensor, Tensor>)made.Make(typeof(Func<Tensor, Tensor>), "pack").Value! ?? (x => x),
                (Func<Tensor, Tensor>)made.Make(typeof(Func<Tensor, Tensor>), "unpack").Value! ?? (x => x)),
        };
        made.Scopes.Add(mode);
        IsUnrecorded = !Autograd.IsGradEnabled || Autograd.IsInferenceModeEnabled;
    }

    // Usually the last first, as using does; now and then in any order.
    private void LeaveModes()
    {
        var scopes = made.Scopes;
        while (scopes.Count > 0)
        {
            var i = made.Dice.OneIn(6) ? made.Dice.Below(scopes.Count) : scopes.Count - 1;
            // One that refuses to end yet stays here, so that it ends with the rest of the case.
            scopes[i].Dispose();
            scopes.RemoveAt(i);
        }
    }

    private void Take(object? result, int depth)
    {
        switch (result)
        {
            case null or string or Module:
                break;
            case Tensor tensor:
                Tensors.Add(tensor);
                break;
            case double or float or int or long or bool or byte:
                Numbers.Add(Convert.ToDouble(result));
                break;
            case Delegate function when depth < 2:
                Call(function, depth);
                break;
            case Task task:
                // Waited for here, so that no call runs into the next one.
                task.GetAwaiter().GetResult();
                Take(task.GetType().GetProperty("Result")?.GetValue(task), depth + 1);
                break;
            case IEnumerator rows:
                for (var i = 0; i < 8 && rows.MoveNext(); i++)
                {
                    Take(rows.Current, depth + 1);
                }

                break;
            case IReadOnlyDictionary<string, Tensor> named:
                Tensors.AddRange(named.Values);
                break;
            case IEnumerable items:
                TakeAll(items, depth);
                break;
            case System.Runtime.CompilerServices.ITuple tuple:
                for (var i = 0; i < tuple.Length; i++)
                {
                    Take(tuple[i], depth + 1);
                }

                break;
            case IDisposable scope:
                made.Scopes.Add(scope);
                break;
            default:
                _ = result.ToString();
                break;
        }
    }

    private void TakeAll(IEnumerable items, int depth)
    {
        var left = 16;
        foreach (var item in items)
        {
            if (left-- == 0 || depth > 3)
            {
                break;
            }

            Take(item, depth + 1);
        }
    }

    private void Call(Delegate function, int depth)
    {
        try
        {
            Take(function.DynamicInvoke(made.ArgumentsFor(function)), depth + 1);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
        }
    }

    private void Backward()
    {
        var outputs = Tensors.Where(t => !t.IsStandIn && t.RequiresGrad).Take(3).ToArray();
        var inputs = made.Tensors.Where(t => !t.IsStandIn && t.RequiresGrad && !t.IsInference).ToArray();
        if (outputs.Length == 0 || inputs.Length == 0)
        {
            return;
        }

        foreach (var hooked in outputs.Concat(inputs))
        {
            if (made.Dice.OneIn(5) && made.Make(typeof(Func<Tensor, Tensor?>), "hook").Value is Func<Tensor, Tensor?> hook)
            {
                hooked.RegisterHook(hook);
            }
        }

        var createsGraph = made.Dice.OneIn(3);
        var seeds = outputs.Select(SeedFor).ToArray();
        if (made.Dice.OneIn(2))
        {
            Autograd.Backward(outputs, seeds, createGraph: createsGraph);
            foreach (var input in inputs.Where(t => t.IsLeaf))
            {
                Check(input, input.Grad);
            }

            return;
        }

        var gradients = Autograd.Grad(outputs, inputs, seeds, createGraph: createsGraph, allowUnused: true);
        for (var i = 0; i < inputs.Length; i++)
        {
            Check(inputs[i], gradients[i]);
        }

        if (createsGraph && gradients.OfType<Tensor>().FirstOrDefault(g => g.RequiresGrad) is { } twice)
        {
            Autograd.Backward([twice.Sum()]);
        }
    }

    private Tensor? SeedFor(Tensor output)
    {
        var seed = made.Dice.Below(10) switch
        {
            < 7 => Autograd.NoGrad(() => Tensor.OnesLike(output)),
            7 => Autograd.NoGrad(() => output.Detach()),
            8 => (Tensor?)made.Make(typeof(Tensor), "gradient").Value,
            _ => null,
        };
        return seed;
    }

    private void Check(Tensor input, Tensor? gradient)
    {
        if (gradient is null || gradient.IsStandIn)
        {
            return;
        }

        Tensors.Add(gradient);
        if (gradient.DType != input.DType || gradient.Shape != input.Shape)
        {
            WrongGradient = $"gradient {gradient.DType} {gradient.Shape} for {input.DType} {input.Shape}";
        }
    }
}
