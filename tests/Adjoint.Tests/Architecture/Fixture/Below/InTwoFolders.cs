using Adjoint.Tests.Architecture.Fixture.Above;

namespace Adjoint.Tests.Architecture.Fixture;

public partial class InTwoFolders
{
    private readonly MemberTarget? _field;

    public InTwoFolders(MemberTarget? field) => _field = field;

    public bool IsEmpty() => _field is null && MemberTarget.Below() > 0;
}
