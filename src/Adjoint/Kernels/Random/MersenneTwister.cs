using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// The source of random bits: Matsumoto and Nishimura's MT19937 with the seeding of 2002, which PyTorch's CPU generator
/// uses too. The state is 624 words. When all are used, one pass replaces them (the twist) and a second pass writes the
/// words to hand out (the tempering), eight at a time: word i becomes a mix of the words i, i + 1 and i + 397 of the
/// circle, so that eight neighbours never wait for one another. Not safe for threads; <see cref="Generator"/> holds the
/// lock.
/// </summary>
internal sealed class MersenneTwister
{
    /// <summary>The number of 32-bit words in the state.</summary>
    internal const int Words = 624;

    private const int Middle = 397;
    private const uint UpperBit = 0x80000000;
    private const uint LowerBits = 0x7fffffff;
    private const uint Feedback = 0x9908b0df;

    private readonly uint[] _state = new uint[Words];
    private readonly uint[] _ready = new uint[Words];
    private int _used;

    /// <summary>Makes a generator whose words follow from the low 32 bits of the seed.</summary>
    internal MersenneTwister(ulong seed) => Seed(seed);

    /// <summary>How many words of the present state have been handed out: 0 to 624.</summary>
    internal int Used => _used;

    /// <summary>The 624 words of the state, as the twist left them.</summary>
    internal ReadOnlySpan<uint> State => _state;

    /// <summary>Starts again. Only the low 32 bits of the seed count, as in PyTorch.</summary>
    internal void Seed(ulong seed)
    {
        var word = (uint)seed;
        _state[0] = word;
        for (var i = 1; i < Words; i++)
        {
            word = (1812433253u * (word ^ (word >> 30))) + (uint)i;
            _state[i] = word;
        }

        _used = Words;
    }

    /// <summary>Continues where another generator with this state and this many used words would.</summary>
    internal void Restore(ReadOnlySpan<uint> state, int used)
    {
        state.CopyTo(_state);
        _used = used;
        Temper();
    }

    /// <summary>The next 32 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint Next()
    {
        if (_used == Words)
        {
            Refill();
        }

        return _ready[_used++];
    }

    /// <summary>The next 64 random bits; the first word is the upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong Next64()
    {
        var i = _used;
        if (i > Words - 2)
        {
            var upper = (ulong)Next();
            return (upper << 32) | Next();
        }

        _used = i + 2;
        ref var word = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_ready), i);
        return ((ulong)word << 32) | Unsafe.Add(ref word, 1);
    }

    /// <summary>The next words, from one to <paramref name="most"/> of them; valid until the next call.</summary>
    internal ReadOnlySpan<uint> Take(int most)
    {
        if (_used == Words)
        {
            Refill();
        }

        var words = _ready.AsSpan(_used, Math.Min(most, Words - _used));
        _used += words.Length;
        return words;
    }

    private void Refill()
    {
        Twist();
        Temper();
        _used = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Twist()
    {
        ref var p = ref MemoryMarshal.GetArrayDataReference(_state);
        var i = 0;
        for (; i <= Words - Middle - Vector256<uint>.Count; i += Vector256<uint>.Count)
        {
            TwistEight(ref p, i, i + Middle);
        }

        for (; i < Words - Middle; i++)
        {
            TwistOne(ref p, i, i + 1, i + Middle);
        }

        for (; i <= Words - 1 - Vector256<uint>.Count; i += Vector256<uint>.Count)
        {
            TwistEight(ref p, i, i + Middle - Words);
        }

        for (; i < Words - 1; i++)
        {
            TwistOne(ref p, i, i + 1, i + Middle - Words);
        }

        TwistOne(ref p, Words - 1, 0, Middle - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwistOne(ref uint p, int i, int next, int middle)
    {
        var following = Unsafe.Add(ref p, next);
        var mixed = (Unsafe.Add(ref p, i) & UpperBit) | (following & LowerBits);
        Unsafe.Add(ref p, i) = Unsafe.Add(ref p, middle) ^ (mixed >> 1) ^ ((0u - (following & 1)) & Feedback);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwistEight(ref uint p, int i, int middle)
    {
        var following = Vector256.LoadUnsafe(ref p, (nuint)(i + 1));
        var mixed = (Vector256.LoadUnsafe(ref p, (nuint)i) & Vector256.Create(UpperBit))
            | (following & Vector256.Create(LowerBits));
        var odd = (Vector256<uint>.Zero - (following & Vector256<uint>.One)) & Vector256.Create(Feedback);
        (Vector256.LoadUnsafe(ref p, (nuint)middle) ^ (mixed >>> 1) ^ odd).StoreUnsafe(ref p, (nuint)i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Temper()
    {
        ref var p = ref MemoryMarshal.GetArrayDataReference(_state);
        ref var q = ref MemoryMarshal.GetArrayDataReference(_ready);
        for (nuint i = 0; i < Words; i += (nuint)Vector256<uint>.Count)
        {
            var y = Vector256.LoadUnsafe(ref p, i);
            y ^= y >>> 11;
            y ^= (y << 7) & Vector256.Create(0x9d2c5680u);
            y ^= (y << 15) & Vector256.Create(0xefc60000u);
            y ^= y >>> 18;
            y.StoreUnsafe(ref q, i);
        }
    }
}
