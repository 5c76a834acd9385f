using System.Buffers.Binary;
using System.Text;

namespace Adjoint.Files;

// A pickle is a program for a machine with a stack: it can name any function of Python and call it, and that is how files that only "load" run code.
// This machine has no functions. A global name is looked up in a list of a dozen, each of which stands for something made here; what is not in the
// list ends the reading with its name. Lengths are compared with what is left of the file before anything is made, so that memory stays in
// proportion to the file; nothing is recursive.

/// <summary>Python's containers, texts and numbers out of a pickle, and what an allow-list makes of global names.</summary>
/// <param name="source">The bytes.</param>
/// <param name="allowed">Calls a global; throws for one that is not allowed.</param>
internal sealed partial class PickleReader(PickleReader.Source source, PickleReader.IAllowed allowed)
{
    // What an object costs, about: itself, its place on the stack or in a container, and what lists have in reserve.
    private const int SlotCost = 24, MemoCost = 64, NumberCost = 24, ObjectCost = 40, DictionaryCost = 160, PairCost = 64;

    /// <summary>As many digits as Python takes: reading more takes longer than in proportion.</summary>
    private const int MostDigits = 4300;

    private static readonly object Mark = new();
    private static readonly object True = true, False = false;
    private static readonly object[] Small = [.. Enumerable.Range(0, 256).Select(i => (object)(long)i)];

    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = new(PickleKeys.Instance);
    private int _highest;

    /// <summary>What a pickle may name.</summary>
    public interface IAllowed
    {
        /// <summary>Refuses a name that is not allowed.</summary>
        object Global(string module, string name);

        /// <summary>Calls what <see cref="Global"/> gave.</summary>
        object? Call(object function, object?[] arguments);

        /// <summary>Something that lies outside of the pickle.</summary>
        object Persistent(object?[] id);
    }

    /// <summary>Runs the program to its end.</summary>
    public object? Read()
    {
        while (true)
        {
            var code = (char)source.Byte();
            if (code == '.')
            {
                return Pop();
            }

            Step(code);
        }
    }

    private void Step(char code)
    {
        switch (code)
        {
            case '\x80':
                source.Need(source.Byte() <= 5, "its protocol is unknown");
                break;
            case '\x95':
                source.Need(source.Whole(8) <= source.Left, "it ends too early");
                break;
            case '(':
                Push(Mark);
                break;
            case '0':
                _ = Pop();
                break;
            case '1':
                _ = PopToMark();
                break;
            case '2':
                Push(Peek());
                break;
            case 'N':
                Push(null);
                break;
            case '\x88' or '\x89':
                Push(code == '\x88' ? True : False);
                break;
            case 'R':
                var arguments = Pop<object?[]>();
                Push(allowed.Call(Pop<object>(), arguments));
                break;
            case 'c':
                Push(allowed.Global(source.Line(), source.Line()));
                break;
            case '\x93':
                var name = Pop<string>();
                Push(allowed.Global(Pop<string>(), name));
                break;
            case 'Q':
                Push(allowed.Persistent(Pop<object?[]>()));
                break;
            case 'b':
                // The attributes of an ordered dictionary, such as the versions of modules.
                _ = Pop();
                source.Need(Peek() is PickleDictionary, "it sets attributes of what is no dictionary");
                break;
            case 'g' or 'h' or 'j':
                var place = code == 'g' ? Number(source.Line()) : source.Whole(code == 'h' ? 1 : 4);
                source.Need(_memo.TryGetValue(place, out var known), "it reads what it did not keep");
                Push(known);
                break;
            case 'p' or 'q' or 'r':
                Keep(code == 'p' ? Number(source.Line()) : source.Whole(code == 'q' ? 1 : 4));
                break;
            case '\x94':
                Keep(_memo.Count);
                break;
            default:
                if (!StepNumber(code) && !StepText(code))
                {
                    StepContainer(code);
                }

                break;
        }
    }

    private bool StepNumber(char code)
    {
        switch (code)
        {
            case 'K' or 'M':
                Push(Boxed(source.Whole(code == 'K' ? 1 : 2)));
                return true;
            case 'J':
                Push(Boxed((int)source.Whole(4)));
                return true;
            case 'I' or 'L':
                var line = source.Line();
                Push(code == 'I' && line is "00" or "01" ? line == "01" ? True : False : Large(line.EndsWith('L') ? line[..^1] : line));
                return true;
            case '\x8a' or '\x8b':
                Push(Large(source.Bytes(source.Whole(code == '\x8a' ? 1 : 4))));
                return true;
            case 'G':
                Push(Boxed(BinaryPrimitives.ReadDoubleBigEndian(source.Bytes(8))));
                return true;
            case 'F':
                Push(Boxed(Real(source.Line())));
                return true;
            default:
                return false;
        }
    }

    private bool StepText(char code)
    {
        switch (code)
        {
            case 'X' or '\x8c' or '\x8d':
                Push(Text(source.Bytes(source.Whole(code switch { '\x8c' => 1, 'X' => 4, _ => 8 }))));
                return true;
            case 'T' or 'U':
                var latin = source.Bytes(source.Whole(code == 'U' ? 1 : 4));
                source.Take(ObjectCost + (2L * latin.Length));
                Push(Encoding.Latin1.GetString(latin));
                return true;
            case 'B' or 'C' or '\x8e':
                var bytes = source.Bytes(source.Whole(code switch { 'C' => 1, 'B' => 4, _ => 8 }));
                source.Take(ObjectCost + bytes.Length);
                Push(bytes.ToArray());
                return true;
            default:
                return false;
        }
    }

    private void StepContainer(char code)
    {
        switch (code)
        {
            case ']':
                source.Take(ObjectCost);
                Push(new List<object?>());
                break;
            case 'l':
                var items = PopToMark();
                source.Take(ObjectCost);
                Push(new List<object?>(items));
                break;
            case 'a':
                var last = Pop();
                source.Take(SlotCost);
                Peek<List<object?>>().Add(last);
                break;
            case 'e':
                var more = PopToMark();
                Peek<List<object?>>().AddRange(more);
                break;
            case ')':
                Push(Array.Empty<object?>());
                break;
            case 't':
                Push(PopToMark());
                break;
            case '\x85' or '\x86' or '\x87':
                source.Take(ObjectCost + SlotCost);
                var tuple = new object?[code - '\x84'];
                for (var i = tuple.Length - 1; i >= 0; i--)
                {
                    tuple[i] = Pop();
                }

                Push(tuple);
                break;
            case '}':
                source.Take(DictionaryCost);
                Push(new PickleDictionary());
                break;
            case 'd':
                var pairs = PopToMark();
                source.Take(DictionaryCost);
                Push(new PickleDictionary());
                Add(pairs);
                break;
            case 's':
                var value = Pop();
                Add([Pop(), value]);
                break;
            case 'u':
                Add(PopToMark());
                break;
            default:
                throw source.Wrong($"it has an instruction 0x{(int)code:x2} that is not read here");
        }
    }

    private void Add(object?[] pairs)
    {
        var dictionary = Peek<PickleDictionary>();
        source.Need(pairs.Length % 2 == 0, "a key has no value");
        source.Take(PairCost * (pairs.Length / 2L));
        for (var i = 0; i < pairs.Length; i += 2)
        {
            source.Need(pairs[i] is string or long or bool or double, "a key is neither a text nor a number");
            dictionary[pairs[i]!] = pairs[i + 1];
        }
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        source.Take(ObjectCost + (2L * bytes.Length));

        // Python writes surrogates as they are ("surrogatepass"); they come out as a question mark.
        return Encoding.UTF8.GetString(bytes);
    }

    private void Keep(long place)
    {
        if (!_memo.ContainsKey(place))
        {
            source.Take(MemoCost);
        }

        _memo[place] = Peek();
    }

    private void Push(object? value)
    {
        if (_stack.Count == _highest)
        {
            _highest++;
            source.Take(SlotCost);
        }

        _stack.Add(value);
    }

    private object? Peek()
    {
        source.Need(_stack.Count > 0 && !ReferenceEquals(_stack[^1], Mark), "its stack is empty");
        return _stack[^1];
    }

    private T Peek<T>()
    {
        var value = Peek();
        source.Need(value is T, $"something is no {typeof(T).Name.Split('`')[0].ToLowerInvariant()}");
        return (T)value!;
    }

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private T Pop<T>()
    {
        var value = Peek<T>();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.FindLastIndex(value => ReferenceEquals(value, Mark));
        source.Need(mark >= 0, "a mark is missing");
        source.Take(ObjectCost + (sizeof(long) * (long)(_stack.Count - mark)));
        var values = _stack.GetRange(mark + 1, _stack.Count - mark - 1).ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }
}
