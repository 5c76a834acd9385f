using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Adjoint.Analyzers;

/// <summary>
/// Finds modules and parameters that lie in a field of a module and are never registered: they compute, but no optimiser, no file and no conversion
/// sees them. A compiler is where that can be told: fields are filled before and after every constructor that the library could run code in, and to
/// look at them in a running program is reflection, which trimmed and native programs do not have.
/// </summary>
/// <remarks>
/// A field counts as registered if it stands anywhere in an argument of a method or constructor of a module, or in a list that becomes one, such as
/// <c>Child("inner", _inner)</c> and <c>new Sequential(_first, _second)</c>. What a method of one's own returns is not judged.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp, LanguageNames.VisualBasic)]
public sealed class UnregisteredModuleAnalyzer : DiagnosticAnalyzer
{
    private const string Category = "Training";

    /// <summary>A module, or a collection of them.</summary>
    private static readonly DiagnosticDescriptor Module = new(
        "ADJ0001",
        "A module in a field is not registered",
        "'{0}' of {1} is never registered, so that its parameters are neither trained nor saved: write {0} = Child(\"{2}\", ...) in the " +
        "constructor{3}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true);

    /// <summary>A tensor that requires grad.</summary>
    private static readonly DiagnosticDescriptor Parameter = new(
        "ADJ0002",
        "A parameter in a field is not registered",
        "'{0}' of {1} requires grad and is never registered, so that it is neither trained nor saved: write {0} = Parameter(\"{2}\", ...) in the " +
        "constructor{3}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Module, Parameter];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (ModuleTypes.Of(start.Compilation) is { } types)
            {
                start.RegisterSymbolStartAction(symbol => Follow(symbol, types), SymbolKind.NamedType);
            }
        });
    }

    private static void Follow(SymbolStartAnalysisContext context, ModuleTypes types)
    {
        if (context.Symbol is not INamedTypeSymbol { TypeKind: TypeKind.Class } type || !types.IsModule(type))
        {
            return;
        }

        var fields = new Fields(type, types);
        context.RegisterOperationAction(
            operation => fields.See(operation.Operation),
            OperationKind.FieldInitializer,
            OperationKind.PropertyInitializer,
            OperationKind.SimpleAssignment,
            OperationKind.CoalesceAssignment,
            OperationKind.DeconstructionAssignment,
            OperationKind.Invocation,
            OperationKind.ObjectCreation,
            OperationKind.CollectionExpression,
            OperationKind.Loop);
        context.RegisterSymbolEndAction(end =>
        {
            foreach (var (field, isModule, place) in fields.Unregistered())
            {
                var isCollection = isModule && !types.IsModule(TypeOf(field));
                end.ReportDiagnostic(Diagnostic.Create(
                    isModule ? Module : Parameter,
                    place,
                    field.Name,
                    type.Name,
                    field.Name.TrimStart('_'),
                    isCollection ? ", as a ModuleList" : string.Empty));
            }
        });
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => (symbol as IFieldSymbol)?.Type ?? (symbol as IPropertySymbol)?.Type;

    /// <summary>What one class does with its fields.</summary>
    private sealed class Fields(INamedTypeSymbol type, ModuleTypes types)
    {
        private readonly ConcurrentDictionary<ISymbol, (bool IsModule, Location Place)> _made = new(SymbolEqualityComparer.Default);
        private readonly ConcurrentDictionary<ISymbol, bool> _registered = new(SymbolEqualityComparer.Default);

        public IEnumerable<(ISymbol Field, bool IsModule, Location Place)> Unregistered()
        {
            foreach (var pair in _made)
            {
                if (!_registered.ContainsKey(pair.Key))
                {
                    yield return (pair.Key, pair.Value.IsModule, pair.Value.Place);
                }
            }
        }

        public void See(IOperation operation)
        {
            switch (operation)
            {
                case IFieldInitializerOperation initializer:
                    foreach (var field in initializer.InitializedFields)
                    {
                        Assign(field, initializer.Value);
                    }

                    break;
                case IPropertyInitializerOperation initializer:
                    foreach (var property in initializer.InitializedProperties)
                    {
                        Assign(property, initializer.Value);
                    }

                    break;
                case IAssignmentOperation assignment:
                    Assign(assignment.Target, assignment.Value);
                    break;
                case IInvocationOperation invocation:
                    SeeCall(invocation);
                    break;
                case IObjectCreationOperation creation when types.IsModule(creation.Type):
                    Register(creation);
                    break;
                case ICollectionExpressionOperation list when types.IsModule(list.Type):
                    Register(list);
                    break;
                case IForEachLoopOperation loop when HasRegistration(loop.Body):
                    Register(loop.Collection);
                    break;
            }
        }

        private void SeeCall(IInvocationOperation call)
        {
            if (types.IsModule(call.TargetMethod.ContainingType))
            {
                foreach (var argument in call.Arguments)
                {
                    Register(argument);
                }
            }
            else if (call is { TargetMethod.Name: "Add" or "Insert" or "Push" or "Enqueue", Instance: { } list } && SymbolOf(list) is { } field
                && types.HoldsModules(TypeOf(field)))
            {
                foreach (var argument in call.Arguments)
                {
                    Assign(field, argument.Value);
                }
            }
        }

        private void Assign(IOperation target, IOperation value)
        {
            if (target is IArrayElementReferenceOperation element)
            {
                target = element.ArrayReference;
            }
            else if (Plain(target) is ITupleOperation targets && Plain(value) is ITupleOperation values
                && targets.Elements.Length == values.Elements.Length)
            {
                for (var i = 0; i < targets.Elements.Length; i++)
                {
                    Assign(targets.Elements[i], values.Elements[i]);
                }

                return;
            }

            if (SymbolOf(target) is { } field)
            {
                Assign(field, value);
            }
        }

        private void Assign(ISymbol field, IOperation value)
        {
            if (field.IsStatic || !SymbolEqualityComparer.Default.Equals(field.ContainingType, type) || HasRegistration(value))
            {
                return;
            }

            var held = TypeOf(field);
            if (types.HoldsModules(held) && IsMade(value))
            {
                _made.TryAdd(field, (true, value.Syntax.GetLocation()));
            }
            else if (types.IsTensor(held) && RequiresGrad(value))
            {
                _made.TryAdd(field, (false, value.Syntax.GetLocation()));
            }
        }

        /// <summary>Whether a value is a new module, one that the class was given, or some of these.</summary>
        private bool IsMade(IOperation value) => Plain(value) switch
        {
            IObjectCreationOperation creation => types.IsModule(creation.Type)
                || creation.Arguments.Any(argument => IsMade(argument.Value))
                || (creation.Initializer is { } initializer && initializer.Descendants().Any(IsNew)),
            ITypeParameterObjectCreationOperation => true,
            ICollectionExpressionOperation list => list.Elements.Length > 0 && (types.IsModule(list.Type) || list.Elements.Any(IsMade)),
            ISpreadOperation spread => spread.Operand.DescendantsAndSelf().Any(IsNew),
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues.Any(IsMade),
            IParameterReferenceOperation parameter => types.HoldsModules(parameter.Type),
            IInvocationOperation call => !types.IsModule(call.TargetMethod.ContainingType)
                && ((call.Instance is { } instance && IsMade(instance))
                    || (call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0 && IsMade(call.Arguments[0].Value))
                    || call.Descendants().Any(IsNew)),
            IConditionalOperation choice => IsMade(choice.WhenTrue) || (choice.WhenFalse is { } other && IsMade(other)),
            ICoalesceOperation choice => IsMade(choice.Value) || IsMade(choice.WhenNull),
            _ => false,
        };

        private bool IsNew(IOperation operation) => operation is IObjectCreationOperation creation && types.IsModule(creation.Type);

        private static bool RequiresGrad(IOperation value) =>
            value.DescendantsAndSelf().Any(inner => inner is IInvocationOperation { TargetMethod.Name: "RequiresGrad_" });

        private bool HasRegistration(IOperation operation) => operation.DescendantsAndSelf().Any(
            inner => inner is IInvocationOperation { TargetMethod.Name: "Child" or "Parameter" or "Parametrizable" or "Buffer" } call
                && types.IsModule(call.TargetMethod.ContainingType));

        private void Register(IOperation operation)
        {
            foreach (var inner in operation.DescendantsAndSelf())
            {
                if (SymbolOf(inner) is { } field)
                {
                    _registered.TryAdd(field, true);
                }
            }
        }

        /// <summary>The field of this object, or the property with a field, that is named.</summary>
        private static ISymbol? SymbolOf(IOperation operation) => Plain(operation) switch
        {
            IFieldReferenceOperation { Instance: IInstanceReferenceOperation } reference =>
                reference.Field.AssociatedSymbol ?? reference.Field,
            IPropertyReferenceOperation { Instance: IInstanceReferenceOperation } reference => reference.Property,
            _ => null,
        };

        private static IOperation Plain(IOperation operation)
        {
            while (true)
            {
                switch (operation)
                {
                    case IConversionOperation conversion:
                        operation = conversion.Operand;
                        break;
                    case IParenthesizedOperation parenthesized:
                        operation = parenthesized.Operand;
                        break;
                    default:
                        return operation;
                }
            }
        }
    }
}
