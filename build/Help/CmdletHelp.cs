using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Mammo.PowerShell.Models;

namespace Mammo.Help;

/// <summary>All that help says about a cmdlet: from the code what the code knows, from its page what only people know.</summary>
internal sealed record CmdletHelp(string Name, string Synopsis, IReadOnlyList<string> Description, IReadOnlyList<ParameterHelp> Parameters, HelpPage Page)
{
    private static readonly Lazy<IReadOnlyList<CmdletHelp>> AllCmdlets = new(ReadAll);

    /// <summary>Every cmdlet of the module, by name.</summary>
    public static IReadOnlyList<CmdletHelp> All => AllCmdlets.Value;

    /// <summary>The parameter sets, the default one first, each with its parameters in the order of a syntax line.</summary>
    public required IReadOnlyList<IReadOnlyList<CommandParameterInfo>> Syntaxes { get; init; }

    public required IReadOnlyList<Type> Outputs { get; init; }

    /// <summary>What the pipeline brings: its type, and what the parameter says that takes it.</summary>
    public IEnumerable<(Type Type, string Description)> Inputs =>
        Parameters.Where(parameter => parameter.Pipeline != "False")
            .GroupBy(parameter => parameter.Type.GetElementType() ?? parameter.Type, parameter => parameter.Description[0])
            .Select(takers => (takers.Key, string.Join(" ", takers)));

    /// <summary>True for the name or an alias of a parameter, common ones included.</summary>
    public bool Knows(string parameter) => Find(parameter) is not null || Cmdlet.CommonParameters.Contains(parameter);

    /// <summary>The parameter of that name or alias; null when there is none.</summary>
    public ParameterHelp? Find(string parameter) =>
        Parameters.FirstOrDefault(help => help.Aliases.Prepend(help.Name).Contains(parameter, StringComparer.OrdinalIgnoreCase));

    private static CmdletHelp[] ReadAll()
    {
        var state = InitialSessionState.CreateDefault();
        foreach (var (name, type) in Cmdlets())
            state.Commands.Add(new SessionStateCmdletEntry(name, type, null));
        using var shell = System.Management.Automation.PowerShell.Create(state);
        return [.. shell.AddCommand("Get-Command").AddParameter("Name", Cmdlets().Select(cmdlet => cmdlet.Name).ToArray()).Invoke<CmdletInfo>()
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal).Select(Read)];
    }

    private static IEnumerable<(string Name, Type Type)> Cmdlets() => typeof(RemoveMammoModelCommand).Assembly.GetExportedTypes()
        .Select(type => (type.GetCustomAttribute<CmdletAttribute>(), type))
        .Where(pair => pair.Item1 is not null)
        .Select(pair => ($"{pair.Item1!.VerbName}-{pair.Item1.NounName}", pair.type));

    private static CmdletHelp Read(CmdletInfo info)
    {
        var type = info.ImplementingType;
        var summary = XmlComments.Summary(type);
        // The first sentence; what follows belongs to the description.
        var end = summary.IndexOf(". ", StringComparison.Ordinal);
        var synopsis = end < 0 ? summary : summary[..(end + 1)];
        var page = HelpPage.Read(info.Name);
        var syntaxes = info.ParameterSets.OrderByDescending(set => set.IsDefault).Select(set => Syntax(set, type)).ToArray();
        return new CmdletHelp(
            info.Name, synopsis, [.. new[] { summary }.Concat(XmlComments.Remarks(type)).Concat(page.Description)], Describe(syntaxes, type), page)
        {
            Syntaxes = syntaxes,
            Outputs = [.. info.OutputType.Select(output => output.Type)],
        };
    }

    private static ParameterHelp[] Describe(IEnumerable<CommandParameterInfo[]> syntaxes, Type type)
    {
        var instance = Activator.CreateInstance(type)!;
        using (instance as IDisposable)
        {
            return [.. syntaxes.SelectMany(syntax => syntax).GroupBy(parameter => parameter.Name, StringComparer.Ordinal)
                .OrderBy(sets => IsOfPowerShell(sets.Key, type))
                .ThenByDescending(sets => sets.Any(set => set.IsMandatory))
                .Select(sets => ParameterHelp.Of([.. sets], type.GetProperty(sets.Key), instance))];
        }
    }

    /// <summary>As Get-Command writes a syntax: by position, then what is mandatory, then the cmdlet's own before inherited ones, in the order of the
    /// source.</summary>
    private static CommandParameterInfo[] Syntax(CommandParameterSetInfo set, Type type) =>
    [
        .. set.Parameters.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
            .OrderBy(parameter => parameter.Position < 0 ? int.MaxValue : parameter.Position)
            .ThenByDescending(parameter => parameter.IsMandatory)
            .ThenBy(parameter => IsOfPowerShell(parameter.Name, type))
            .ThenBy(parameter => Depth(type, type.GetProperty(parameter.Name)?.DeclaringType))
            .ThenBy(parameter => type.GetProperty(parameter.Name)?.MetadataToken),
    ];

    private static bool IsOfPowerShell(string parameter, Type type) => type.GetProperty(parameter) is null;

    private static int Depth(Type? type, Type? declaring)
    {
        var depth = 0;
        for (; type is not null && type != declaring; type = type.BaseType)
            depth++;
        return depth;
    }
}
