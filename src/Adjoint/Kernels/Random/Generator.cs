using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// A stream of random numbers, the same as PyTorch's CPU generator gives: after <see cref="ManualSeed"/> with the same
/// seed, the same draws in the same order give the same numbers. Each draw takes a lock, so that threads may share a
/// generator: every draw is then whole, but which thread gets which is up to the scheduler.
/// </summary>
public sealed class Generator
{
    private const uint Mark = 0x4D474A41;   // "AJGM" as bytes
    private const ulong StartSeed = 67280421310721;
    private const int HeaderBytes = 28;
    private const int StateBytes = HeaderBytes + (4 * MersenneTwister.Words);

    private readonly MersenneTwister _engine;
    private ulong _seed;
    private double? _spareNormal;

    /// <summary>Makes a generator with PyTorch's fixed seed for new ones, 67280421310721.</summary>
    public Generator()
        : this(StartSeed)
    {
    }

    /// <summary>Makes a generator with a seed.</summary>
    /// <param name="seed">The seed; see <see cref="ManualSeed"/>.</param>
    public Generator(ulong seed)
    {
        _seed = seed;
        _engine = new MersenneTwister(seed);
    }

    /// <summary>The generator of all draws that name none. Each run of a program starts it with another seed.</summary>
    public static Generator Default { get; } = new(Entropy());

    /// <summary>The seed last given, by <see cref="ManualSeed"/>, <see cref="Seed"/> or the constructor.</summary>
    public ulong InitialSeed
    {
        get
        {
            lock (Gate)
            {
                return _seed;
            }
        }
    }

    /// <summary>The lock of every draw: <see cref="Engine"/> and <see cref="SpareNormal"/> need it.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>The source of bits, for a draw: who notes draws here notes this generator.</summary>
    internal MersenneTwister Engine
    {
        get
        {
            DrawnGenerators.Note(this);
            return _engine;
        }
    }

    /// <summary>The second of the last pair of normal numbers drawn one by one, until it is used; likewise.</summary>
    internal double? SpareNormal
    {
        get
        {
            DrawnGenerators.Note(this);
            return _spareNormal;
        }
        set => _spareNormal = value;
    }

    /// <summary>Starts the stream of a seed and forgets everything drawn before.</summary>
    /// <param name="seed">Any number. As in PyTorch, two seeds with the same low 32 bits start the same stream.</param>
    /// <returns>This generator.</returns>
    public Generator ManualSeed(ulong seed)
    {
        lock (Gate)
        {
            DrawnGenerators.Note(this);
            _seed = seed;
            _engine.Seed(seed);
            _spareNormal = null;
        }

        return this;
    }

    /// <summary>Starts the stream of a seed taken from the operating system's entropy.</summary>
    /// <returns>The seed, so that the run can be repeated with <see cref="ManualSeed"/>.</returns>
    public ulong Seed()
    {
        var seed = Entropy();
        ManualSeed(seed);
        return seed;
    }

    /// <summary>
    /// Takes a copy of the state, for <see cref="SetState"/>: 2,524 bytes, little-endian. Bytes 0-3: the mark "AJGM";
    /// 4-11: the seed; 12-15: how many words of the state are used, 0 to 624; 16-19: 1 if a normal number waits, else
    /// 0; 20-27: that number as a double, else 0; 28-2523: the 624 words of MT19937. The form is this library's own:
    /// states of PyTorch cannot be exchanged with it.
    /// </summary>
    /// <returns>A new array.</returns>
    public byte[] GetState()
    {
        var bytes = new byte[StateBytes];
        lock (Gate)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, Mark);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(4), _seed);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), _engine.Used);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), _spareNormal is null ? 0 : 1);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(20), _spareNormal ?? 0);
            for (var i = 0; i < MersenneTwister.Words; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(HeaderBytes + (4 * i)), _engine.State[i]);
            }
        }

        return bytes;
    }

    /// <summary>Goes back to where the state was taken: the numbers that followed then follow again.</summary>
    /// <param name="state">What <see cref="GetState"/> returned, of this or another generator.</param>
    /// <returns>This generator.</returns>
    /// <exception cref="ArgumentException">The bytes are not such a state.</exception>
    public Generator SetState(ReadOnlySpan<byte> state)
    {
        if (state.Length != StateBytes || BinaryPrimitives.ReadUInt32LittleEndian(state) != Mark)
        {
            throw new ArgumentException(
                $"These {state.Length} bytes are not the state of a generator: pass what GetState() returned.",
                nameof(state));
        }

        var used = BinaryPrimitives.ReadInt32LittleEndian(state[12..]);
        var waits = BinaryPrimitives.ReadInt32LittleEndian(state[16..]);
        if (used is < 0 or > MersenneTwister.Words || waits is not (0 or 1))
        {
            throw new ArgumentException(
                "The state of a generator is damaged: pass the bytes of GetState() unchanged.", nameof(state));
        }

        var words = new uint[MersenneTwister.Words];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(state[(HeaderBytes + (4 * i))..]);
        }

        lock (Gate)
        {
            DrawnGenerators.Note(this);
            _seed = BinaryPrimitives.ReadUInt64LittleEndian(state[4..]);
            _engine.Restore(words, used);
            _spareNormal = waits == 1 ? BinaryPrimitives.ReadDoubleLittleEndian(state[20..]) : null;
        }

        return this;
    }

    private static ulong Entropy()
    {
        var seed = 0ul;
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<ulong>(ref seed)));
        return seed;
    }
}
