using Adjoint.Tests.Architecture.Fixture.Above;

namespace Adjoint.Tests.Architecture.Fixture;

public partial class InTwoFolders
{
    public static int Call() => MemberTarget.Call();

    public static Func<int> Lambda() => () => MemberTarget.Lambda();

    public static Func<int> Captured(int x) => () => MemberTarget.Captured() + x;

    public static IEnumerable<int> Iterator()
    {
        yield return MemberTarget.Iterator();
    }
}
