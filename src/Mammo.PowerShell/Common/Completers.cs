using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Mammo.Evaluation.Decisions;
using Mammo.Networks.Architectures;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Torch;

namespace Mammo.PowerShell.Common;

/// <summary>Completes a parameter from a list of names, quoting those that need it.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete?.Trim('\'', '"') ?? "";
        return Names(fakeBoundParameters ?? new Hashtable(), commandAst)
            .Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(Quoted(name), name, CompletionResultType.ParameterValue, name));
    }

    /// <summary>The names; what else was typed so far is in <paramref name="boundParameters"/> and <paramref name="command"/>.</summary>
    private protected abstract IEnumerable<string> Names(IDictionary boundParameters, CommandAst command);

    private static string Quoted(string name) =>
        name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or ':' or '/') && !char.IsAsciiDigit(name[0])
        ? name
        : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";
}

/// <summary>Completes device names without asking torch, which would load it.</summary>
public sealed class DeviceCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => ["auto", "cpu", "cuda", "cuda:0", "cuda:1"];
}

/// <summary>Completes names of architectures.</summary>
public sealed class ArchitectureCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) =>
        ArchitectureCatalog.All.Select(architecture => architecture.Name);
}

/// <summary>Completes names of layers of the model that is given in the same command, or piped into it from a variable.</summary>
public sealed class LayerCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) =>
        GivenModel.Of(boundParameters, command) is { } model
            ? Ensemble.Graphs(model).SelectMany(graph => graph.Layers).Select(layer => layer.Name).Distinct() : [];
}

/// <summary>Completes names of the parts of the ensemble that is given in the same command, or piped into it from a variable.</summary>
public sealed class PartCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) =>
        GivenModel.Of(boundParameters, command)?.Parts.Select(part => part.Name) ?? [];
}

/// <summary>The model that is given in a command which is being completed.</summary>
internal static class GivenModel
{
    /// <summary>Finds it; null where it is not known before the command runs.</summary>
    public static MammoModel? Of(IDictionary boundParameters, CommandAst command)
    {
        var given = boundParameters["InputObject"] ?? boundParameters["Model"] ?? Piped(command);
        return (given is PSObject wrapped ? wrapped.BaseObject : given) as MammoModel;
    }

    // PowerShell binds nothing from the pipeline while it completes.
    private static PSObject? Piped(CommandAst command)
    {
        if (command?.Parent is not PipelineAst { PipelineElements: [CommandExpressionAst { Expression: VariableExpressionAst variable }, ..] })
            return null;
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext.SessionState.PSVariable.GetValue($args[0])").AddArgument(variable.VariablePath.UserPath).Invoke()
            .FirstOrDefault();
    }
}

/// <summary>Completes names of published heads.</summary>
public sealed class RecipeCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => HeadRecipe.All.Select(recipe => recipe.Name);
}

/// <summary>Completes the names of the models that come with Mammo.</summary>
public sealed class ShippedModelCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => ShippedModels.Names;
}

/// <summary>Completes properties of predictions that are worth grouping by.</summary>
public sealed class GroupCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) =>
        ["View", "Laterality", "TrueClass", "Manufacturer", "Density"];
}

/// <summary>Completes which values of a DICOM image are shown.</summary>
public sealed class VoiCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => ["Auto", "Lut", "Window", "Window:2", "None"];
}

/// <summary>Completes bits of a pixel.</summary>
public sealed class BitDepthCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => ["8", "16"];
}

/// <summary>Completes types of the original's lists.</summary>
public sealed class ImageTypeCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => ["Mass", "Calc"];
}

/// <summary>Completes operating points.</summary>
public sealed class OperatingPointCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) =>
        OperatingPoint.StandardNames;
}

/// <summary>Completes what a split keeps together.</summary>
public sealed class GroupingCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => ["Patient"];
}

/// <summary>Completes names of runtimes that are installed.</summary>
public sealed class RuntimeCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) =>
        InstalledRuntime.All().Select(runtime => runtime.Name);
}
