namespace Adjoint.Tests.Contraction;

/// <summary>Einstein's summation against its definition: a loop over all values of all letters.</summary>
public class EinsumTests
{
    public static TheoryData<string, string> Equations => new()
    {
        { "ij,jk->ik", "ij,jk->ik" },
        { "ij,jk", "ij,jk->ik" },
        { "ba", "ba->ab" },
        { "ij->", "ij->" },
        { "ii->i", "ii->i" },
        { "ii", "ii->" },
        { "i i , j -> j i", "ii,j->ji" },
        { "bij,bjk->bik", "bij,bjk->bik" },
        { "bqhd,bkhd->bhqk", "bqhd,bkhd->bhqk" },
        { "bhqk,bkhd->bqhd", "bhqk,bkhd->bqhd" },
        { "ijk,ilm,njm,nlk,abc->", "ijk,ilm,njm,nlk,abc->" },
        { "ij,jk,kl,lm,mn,no,op,pq->iq", "ij,jk,kl,lm,mn,no,op,pq->iq" },
        { "i,j,k->kji", "i,j,k->kji" },
        { "ij,ij->ij", "ij,ij->ij" },
        { "ij,ij,ij->i", "ij,ij,ij->i" },
        { "kii,kj->ij", "kii,kj->ij" },
        { "iijj->ij", "iijj->ij" },
        { "ijij->ji", "ijij->ji" },
        { "iji->j", "iji->j" },
        { "Ab,bA->A", "Ab,bA->A" },
        { "bA", "bA->Ab" },
    };

    /// <summary>The second form names the result, for the loop.</summary>
    [Theory]
    [MemberData(nameof(Equations))]
    public void IsTheSumOverAllLetters(string equation, string whole)
    {
        var sides = whole.Split("->");
        var operands = sides[0].Split(',').Select((letters, i) => Draw([.. letters.Select(SizeOf)], i)).ToArray();
        Near(Loop(sides[0].Split(','), sides[1], operands), Tensor.Einsum(equation, operands));
    }

    /// <summary>The dimensions of an ellipsis broadcast, and are summed where the result does not have them.</summary>
    [Fact]
    public void DotsBroadcast()
    {
        var (x, y) = (Draw([2, 1, 3, 4], 0), Draw([5, 4, 2], 1));
        Near(x.MatMul(y), Tensor.Einsum("...ij,...jk->...ik", x, y));
        Near(x.MatMul(y), Tensor.Einsum("...ij,...jk", x, y));
        Near(x.MatMul(y).Sum([0, 1]), Tensor.Einsum("...ij,...jk->ik", x, y));
        Near(x.Transpose(2, 3), Tensor.Einsum("...ij->...ji", x));
        Near(x.Sum(), Tensor.Einsum("...->", x));
        Near(x.Movedim(3, 0), Tensor.Einsum("...a->a...", x));
        Near(x * 2, Tensor.Einsum("...,...->...", x, Tensor.Scalar(2.0)));
        Near(x.Select(1, 0), Tensor.Einsum("a...b,...->a...b", x.Select(1, 0), Tensor.Scalar(1.0)));
    }

    /// <summary>A dimension of size 1 broadcasts with a longer one of its letter, as in PyTorch.</summary>
    [Fact]
    public void OnesBroadcast()
    {
        var (x, y) = (Draw([2, 3], 0), Draw([4, 1], 1));
        Near(x.Sum(1, keepDim: true).MatMul(y.T), Tensor.Einsum("ij,kj->ik", x, y));
        Near(x * 1, Tensor.Einsum("ij,ij->ij", x, Tensor.Ones([1, 3], DType.Float64)));
    }

    [Fact]
    public void NothingSumsToZeros()
    {
        var (tall, wide) = (Tensor.Zeros([2, 0], DType.Float64), Tensor.Zeros([0, 3], DType.Float64));
        Near(Tensor.Zeros([2, 3], DType.Float64), Tensor.Einsum("ij,jk->ik", tall, wide));
        Assert.Equal([0, 3], Tensor.Einsum("ij,jk->ik", Tensor.Zeros([0, 2], DType.Float64), Draw([2, 3], 0)).Shape.ToArray());
        Assert.Equal([7L, 10, 15, 22], Tensor.Einsum("ij,jk->ik", Whole(), Whole()).ToArray<long>());
    }

    /// <summary>The cheapest order: a vector takes two matrices one after the other, and never their product.</summary>
    [Fact]
    public void TheCheapestOrderIsTaken()
    {
        var sizes = new Dictionary<int, int> { ['i'] = 100, ['j'] = 100, ['k'] = 100 };
        Labelled[] operands = [new(Draw([1], 0), ['i', 'j']), new(Draw([1], 0), ['j', 'k']), new(Draw([1], 0), ['k'])];
        Assert.Equal([(1, 2), (0, 1)], ContractionOrder.Of([.. operands], ['i'], sizes).Select(Ordered));

        static (int First, int Second) Ordered((int First, int Second) pair) =>
            pair.First < pair.Second ? pair : (pair.Second, pair.First);
    }

    /// <summary>First sentences are PyTorch's.</summary>
    [Theory]
    [InlineData("ij,j->i", "einsum(): fewer operands were provided than specified in the equation")]
    [InlineData("ij,jk,kl->i", "einsum(): fewer operands were provided than specified in the equation")]
    [InlineData("i1->i", "einsum(): invalid subscript given at index 1 in the equation string, subscripts must be in [a-zA-Z]")]
    [InlineData("ij->k", "einsum(): output subscript k does not appear in the equation for any input operand")]
    [InlineData("ij->ii", "einsum(): output subscript i appears more than once in the output")]
    [InlineData("..ij->ij", "einsum(): found '.' for operand 0 that is not part of any ellipsis")]
    [InlineData("...i...->i", "einsum(): found '.' for operand 0 for which an ellipsis was already found")]
    [InlineData("ij->i..", "einsum(): found '.' for output that is not part of any ellipsis (...)")]
    public void WhatIsNoEquationIsRefused(string equation, string sentence) =>
        NoEquation(sentence, equation, Draw([2, 2], 0));

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var x = Draw([2, 3], 0);
        Starts("einsum(): the number of subscripts in the equation (3) does not match the number of dimensions (2) for operand 0 and no " +
            "ellipsis", "ijk->i", x);
        Starts("einsum(): the number of subscripts in the equation (3) is more than the number of dimensions (2) for operand 0", "...ijk->i", x);
        Starts("einsum(): subscript i is repeated for operand 0 but the sizes don't match, 3 != 2", "ii->i", x);
        Starts("einsum(): subscript j has size 2 for operand 1 which does not broadcast with previously seen size 3", "ij,ji->", x, x);
        NoEquation("einsum(): must provide at least one operand", "");
        NoEquation("einsum(): more operands were provided", "ij", x, x);
    }

    private static void Starts(string sentence, string equation, params Tensor[] operands) => Assert.StartsWith(
        sentence, Assert.Throws<ShapeException>(() => Tensor.Einsum(equation, operands)).Message, StringComparison.Ordinal);

    private static void NoEquation(string sentence, string equation, params Tensor[] operands) => Assert.StartsWith(
        sentence, Assert.Throws<ArgumentException>(() => Tensor.Einsum(equation, operands)).Message, StringComparison.Ordinal);

    private static int SizeOf(char letter) => 2 + (letter % 3 % 2);

    private static Tensor Whole() => Tensor.FromArray(new long[] { 1, 2, 3, 4 }, [2, 2]);

    private static Tensor Draw(int[] shape, int seed)
    {
        var count = (int)Shape.Product(shape);
        return Tensor.FromArray([.. Enumerable.Range(0, count).Select(i => Math.Sin((i * 1.3) + seed))], shape);
    }

    private static Tensor Loop(string[] inputs, string output, Tensor[] operands)
    {
        var letters = string.Concat(inputs).Distinct().ToArray();
        var values = operands.Select(operand => operand.ToArray<double>()).ToArray();
        int[] sizes = [.. output.Select(SizeOf)];
        var result = new double[Shape.Product(sizes)];
        var at = letters.ToDictionary(letter => letter, _ => 0);
        for (var next = true; next;)
        {
            var product = 1.0;
            for (var i = 0; i < inputs.Length; i++)
            {
                product *= values[i][Place(inputs[i])];
            }

            result[Place(output)] += product;
            next = false;
            foreach (var letter in letters)
            {
                at[letter]++;
                if (at[letter] < SizeOf(letter))
                {
                    next = true;
                    break;
                }

                at[letter] = 0;
            }
        }

        return sizes.Length == 0 ? Tensor.Scalar(result[0]) : Tensor.FromArray(result, sizes);

        int Place(string text) => text.Aggregate(0, (place, letter) => (place * SizeOf(letter)) + at[letter]);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray<double>(), actual.ToArray<double>(), (x, y) => Math.Abs(x - y) <= 1e-10);
    }
}
