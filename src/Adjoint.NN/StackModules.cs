namespace Adjoint.NN;

/// <summary>Ensembles: models of one form as one batch of models (<c>torch.func.stack_module_state</c>).</summary>
public static class StackModulesMethod
{
    extension(IReadOnlyList<Module> modules)
    {
        /// <summary>
        /// The parameters and buffers of models of one form by name, those of all models side by side along a new first dimension, without history:
        /// what <c>Vmap</c> takes to run all models at once.
        /// </summary>
        /// <remarks>
        /// Buffers that a run changes, such as running statistics, change for the function that is transformed; it returns them, or they are lost.
        /// The models themselves stay as they are.
        /// </remarks>
        /// <exception cref="ArgumentException">There is no model, or they differ in their class, mode or names.</exception>
        /// <exception cref="ShapeException">Parameters of one name have different shapes.</exception>
        /// <exception cref="DTypeException">Parameters of one name have different dtypes.</exception>
        /// <example>
        /// <code>
        /// Layer[] models = [new Linear(4, 2), new Linear(4, 2), new Linear(4, 2)];
        /// var all = Transform.Vmap(
        ///     (IReadOnlyDictionary&lt;string, Tensor&gt; state, Tensor x) => models[0].FunctionalCall(state, x), (0, null));
        /// var each = all(models.StackModules(), x);   // one result for each model along the first dimension
        /// </code>
        /// </example>
        public IReadOnlyDictionary<string, Tensor> StackModules()
        {
            ArgumentNullException.ThrowIfNull(modules);
            if (modules.Count == 0)
            {
                throw new ArgumentException("stack_module_state: Expected at least one model, got 0.", nameof(modules));
            }

            var states = modules.Select(StateOf).ToArray();
            var first = modules[0];
            for (var i = 1; i < modules.Count; i++)
            {
                if (modules[i].GetType() != first.GetType())
                {
                    throw new ArgumentException(
                        $"stack_module_state: Expected all models to be of the same class. Model {i} is a {modules[i].GetType().Name}, and the " +
                        $"first a {first.GetType().Name}.",
                        nameof(modules));
                }

                if (modules[i].Training != first.Training)
                {
                    throw new ArgumentException(
                        "stack_module_state: Expected all models to have the same training/eval mode. Call Train() or Eval() on all of them.",
                        nameof(modules));
                }

                if (!states[i].Keys.ToHashSet().SetEquals(states[0].Keys))
                {
                    throw new ArgumentException(
                        $"model {i} has parameters and buffers {string.Join(", ", states[i].Keys)}, and the first " +
                        $"{string.Join(", ", states[0].Keys)}.",
                        nameof(modules));
                }
            }

            return states[0].Keys.ToDictionary(name => name, name => Stacked(name, Array.ConvertAll(states, state => state[name])));
        }
    }

    private static Dictionary<string, Tensor> StateOf(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.NamedParameters().Concat(module.NamedBuffers()).ToDictionary(part => part.Name, part => part.Value.Detach());
    }

    private static Tensor Stacked(string name, Tensor[] parts)
    {
        for (var i = 1; i < parts.Length; i++)
        {
            if (!parts[i].Shape.Equals(parts[0].Shape))
            {
                throw new ShapeException($"size mismatch for {name}: model {i} has {parts[i].Shape}, and the first {parts[0].Shape}.");
            }

            if (parts[i].DType != parts[0].DType)
            {
                throw new DTypeException($"{name}: the dtype of model {i} is {parts[i].DType}, and of the first {parts[0].DType}.");
            }
        }

        return Tensor.Stack(parts);
    }
}
