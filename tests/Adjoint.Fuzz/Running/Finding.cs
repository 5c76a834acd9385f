namespace Adjoint.Fuzz.Running;

/// <summary>Something that must not happen.</summary>
/// <param name="Kind">What: <c>untyped</c>, <c>neighbour</c>, <c>input</c>, <c>view</c>, <c>crash</c> and so on.</param>
/// <param name="Member">The member that was called.</param>
/// <param name="Detail">What was seen; findings of one kind, member and detail are the same.</param>
/// <param name="Call">The number of the call.</param>
/// <param name="Text">The call as C#.</param>
internal sealed record Finding(string Kind, string Member, string Detail, long Call, string Text)
{
    private const char Separator = '\t';
    private const int LongestText = 2000;

    public (string Kind, string Member, string Detail) Key => (Kind, Member, Detail);

    public string ToLine() => string.Join(Separator, "F", Kind, Flat(Member), Flat(Detail), Call, Flat(Text));

    public static Finding? FromLine(string line) => line.Split(Separator) is ["F", var kind, var member, var detail, var call, var text]
        ? new Finding(kind, member, detail, long.Parse(call), text)
        : null;

    private static string Flat(string text)
    {
        text = text.ReplaceLineEndings(" ").Replace(Separator, ' ');
        return text.Length > LongestText ? text[..LongestText] + "..." : text;
    }
}
