namespace Adjoint.Fuzz.Generators;

/// <summary>The random numbers of one call: the same for the same seed and call, whatever was called before.</summary>
internal sealed class Dice(ulong seed, long call)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state = Mix(Mix(seed + Golden) ^ (ulong)call);

    public ulong Bits() => Mix(_state += Golden);

    public int Below(int bound) => (int)((UInt128)Bits() * (ulong)bound >> 64);

    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool OneIn(int n) => Below(n) == 0;

    public double Unit() => (Bits() >> 11) * (1.0 / (1UL << 53));

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
