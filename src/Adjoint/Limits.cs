using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Limits of arguments, in the words of the runtime's own checks, which write numbers in the culture of the thread.</summary>
internal static class Limits
{
    /// <summary>Refuses numbers below zero.</summary>
    public static void ThrowIfNegative<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : INumber<T>
    {
        if (value < T.Zero)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} ('{value}') must be a non-negative value.");
        }
    }

    /// <summary>Refuses zero and numbers below.</summary>
    public static void ThrowIfNegativeOrZero<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : INumber<T>
    {
        if (value <= T.Zero)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} ('{value}') must be a non-negative and non-zero value.");
        }
    }

    /// <summary>Refuses numbers below a limit.</summary>
    public static void ThrowIfLessThan<T>(T value, T least, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : INumber<T>
    {
        if (value < least)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} ('{value}') must be greater than or equal to '{least}'.");
        }
    }

    /// <summary>Refuses numbers above a limit.</summary>
    public static void ThrowIfGreaterThan<T>(T value, T most, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : INumber<T>
    {
        if (value > most)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} ('{value}') must be less than or equal to '{most}'.");
        }
    }

    /// <summary>Numbers with something between them.</summary>
    public static string Joined<T>(string between, IEnumerable<T> numbers) => string.Join(between, numbers.Select(number => $"{number}"));
}
