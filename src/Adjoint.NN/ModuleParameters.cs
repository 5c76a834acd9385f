namespace Adjoint.NN;

/// <summary>What is done to all parameters of a model at once.</summary>
public static class ModuleParameters
{
    extension<M>(M module)
        where M : Module
    {
        /// <summary>
        /// Gives all parameters and buffers of floating-point dtypes another one (<c>Module.to</c>); others stay, such as counts. They are the same
        /// tensors as before, so that an optimiser still has them; one that was used before the conversion keeps a state of the old dtype. For
        /// training in bfloat16, optimisers keep float32 copies by themselves, see <see cref="Optimizer.MasterWeights"/>.
        /// </summary>
        /// <param name="dtype">A floating-point dtype.</param>
        /// <returns>The module.</returns>
        /// <exception cref="DTypeException">The dtype is not of floating-point numbers.</exception>
        public M To(DType dtype)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentNullException.ThrowIfNull(dtype);
            if (!dtype.IsFloatingPoint)
            {
                throw new DTypeException(
                    $"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype.TorchName}. Convert buffers of " +
                    "whole numbers one by one.");
            }

            foreach (var (_, value) in module.NamedParameters().Concat(module.NamedBuffers()))
            {
                if (value.DType.IsFloatingPoint)
                {
                    value.To_(dtype);
                }
            }

            return module;
        }

        /// <summary>Calls a function with each module below this one, innermost first, and then with this one (<c>Module.apply</c>).</summary>
        /// <param name="fn">What is done, such as drawing first values.</param>
        /// <returns>The module.</returns>
        /// <example><code>model.Apply(m => { if (m is Linear linear) Init.XavierUniform_(linear.Weight); });</code></example>
        public M Apply(Action<Module> fn)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentNullException.ThrowIfNull(fn);
            foreach (var inner in module.InnermostFirst())
            {
                fn(inner);
            }

            return module;
        }

        /// <summary>Whether all parameters are trained (<c>Module.requires_grad_</c>).</summary>
        /// <param name="requiresGrad">Whether they get gradients.</param>
        /// <returns>The module.</returns>
        public M RequiresGrad_(bool requiresGrad = true)
        {
            ArgumentNullException.ThrowIfNull(module);
            foreach (var parameter in module.Parameters())
            {
                parameter.RequiresGrad = requiresGrad;
            }

            return module;
        }

        /// <summary>
        /// Takes all parameters out of training, and forgets their gradients, so that an optimiser that has them passes over them. Running statistics
        /// of normalisations are no parameters: call <c>Eval()</c> for these.
        /// </summary>
        /// <returns>The module.</returns>
        public M Freeze()
        {
            module.RequiresGrad_(false).ZeroGrad();
            return module;
        }

        /// <summary>Takes all parameters back into training.</summary>
        /// <returns>The module.</returns>
        public M Unfreeze() => module.RequiresGrad_();
    }
}
