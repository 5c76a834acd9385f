using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Adjoint.Gate;

/// <summary>Refuses operands that are null, and says which; most of them are gradients that no backward pass has computed.</summary>
internal static class Operands
{
    /// <summary>Refuses a null operand of an operator.</summary>
    /// <typeparam name="O">The operator.</typeparam>
    /// <exception cref="ArgumentNullException">The operand is null.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ThrowIfNull<O>([NotNull] Tensor? operand, [CallerArgumentExpression(nameof(operand))] string name = "")
        where O : struct
    {
        if (operand is null)
        {
            Throw(typeof(O).Name, name, name switch { "x" => ", the left operand,", "y" => ", the right operand,", _ => string.Empty });
        }
    }

    /// <summary>Refuses a null operand of a method that is not one operator, or that has one operand only.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="operation">The method's name.</param>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="ArgumentNullException">The operand is null.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ThrowIfNull(
        [NotNull] Tensor? operand, string operation, [CallerArgumentExpression(nameof(operand))] string name = "")
    {
        if (operand is null)
        {
            Throw(operation, name, string.Empty);
        }
    }

    /// <summary>Refuses a list of operands that holds a null.</summary>
    /// <param name="operands">The operands.</param>
    /// <param name="operation">The method's name.</param>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="ArgumentNullException">The list or one of them is null.</exception>
    public static void ThrowIfAnyNull(
        [NotNull] IReadOnlyList<Tensor?>? operands, string operation, [CallerArgumentExpression(nameof(operands))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(operands, name);
        for (var i = 0; i < operands.Count; i++)
        {
            if (operands[i] is null)
            {
                throw new ArgumentNullException(
                    name, $"expected Tensor as element {i} in argument '{name}' of {operation}, but got null.{AboutGradients}");
            }
        }
    }

    private const string AboutGradients =
        " A tensor's Grad is null until Backward has run, and again after ZeroGrad(): call loss.Backward() before. " +
        "Diagnose.WhyIsGradientNull(loss, x) says why it still is.";

    [DoesNotReturn]
    private static void Throw(string operation, string name, string side) =>
        throw new ArgumentNullException(name, $"{operation}(): argument '{name}'{side} must be Tensor, not null.{AboutGradients}");
}
