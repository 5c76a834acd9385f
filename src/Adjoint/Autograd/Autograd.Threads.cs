namespace Adjoint;

/// <content>Backward passes on several threads.</content>
public static partial class Autograd
{
    /// <summary>
    /// Gives gradients that several threads accumulate in shared leaves the same bits in every run. Sums lose nothing without it, but their rounding
    /// depends on who came first.
    /// </summary>
    /// <example>
    /// <code>
    /// using (var order = Autograd.OrderedAccumulation())
    /// {
    ///     Parallel.For(0, samples.Length, i =>
    ///     {
    ///         using (order.Turn(i))
    ///         {
    ///             Loss(model, samples[i]).Backward();
    ///         }
    ///     });
    /// }   // all gradients are in parameter.Grad here
    /// </code>
    /// </example>
    /// <returns>The order, whose turns the threads take. Hooks after accumulation run when a turn's gradients are added, on the thread that adds
    /// them; gradients that results retain do not wait.</returns>
    public static GradientOrder OrderedAccumulation() => new();
}
