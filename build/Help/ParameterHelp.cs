using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using Mammo.PowerShell.Common;

namespace Mammo.Help;

/// <summary>One parameter of a cmdlet, all its parameter sets taken together.</summary>
internal sealed record ParameterHelp
{
    private static readonly Dictionary<string, string> RiskMitigation = new(StringComparer.Ordinal)
    {
        ["WhatIf"] = "Shows what would be done and does nothing.",
        ["Confirm"] = "Asks before anything is done.",
    };

    public required string Name { get; init; }

    public required IReadOnlyList<string> Description { get; init; }

    public required Type Type { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    public required bool IsMandatory { get; init; }

    public required string Position { get; init; }

    public required string Pipeline { get; init; }

    public required bool HasWildcards { get; init; }

    public required string Default { get; init; }

    /// <summary>Values that may be given; empty when they cannot be counted.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    public bool IsSwitch => Type == typeof(SwitchParameter);

    /// <summary>Type as help shows it; a parameter that may be left out is no other type for that.</summary>
    public string TypeName => Type.IsArray ? Type.GetElementType()!.Name + "[]" : Type.Name;

    /// <summary>Describes a parameter.</summary>
    /// <param name="sets">The parameter in each of its sets.</param>
    /// <param name="property">The cmdlet's property; null for those that PowerShell adds.</param>
    /// <param name="cmdlet">An instance as it is before parameters are bound.</param>
    public static ParameterHelp Of(IReadOnlyList<CommandParameterInfo> sets, PropertyInfo? property, object cmdlet)
    {
        var first = sets[0];
        var type = Nullable.GetUnderlyingType(first.ParameterType) ?? first.ParameterType;
        var values = Allowed(first, type);
        var summary = property is null ? RiskMitigation[first.Name] : XmlComments.Summary(property);
        var position = sets.Max(set => set.Position);
        return new ParameterHelp
        {
            Name = first.Name,
            Description = [summary + Range(first), .. Explained(type)],
            Type = type,
            Aliases = [.. first.Aliases.Where(alias => property is not null)],
            IsMandatory = sets.All(set => set.IsMandatory),
            Position = PositionText(position),
            Pipeline = PipelineText(sets),
            HasWildcards = first.Attributes.OfType<SupportsWildcardsAttribute>().Any(),
            Default = property?.GetCustomAttribute<PSDefaultValueAttribute>()?.Help
                ?? DefaultText.Of(property is null ? new SwitchParameter(false) : property.GetValue(cmdlet)),
            Values = values,
        };
    }

    public static string PositionText(int position) => position < 0 ? "named" : position.ToString(CultureInfo.InvariantCulture);

    public static string PipelineText(IReadOnlyList<CommandParameterInfo> sets)
    {
        string[] ways =
        [
            .. sets.Any(set => set.ValueFromPipeline) ? new[] { "ByValue" } : [],
            .. sets.Any(set => set.ValueFromPipelineByPropertyName) ? new[] { "ByPropertyName" } : [],
        ];
        return ways.Length == 0 ? "False" : $"True ({string.Join(", ", ways)})";
    }

    private static string[] Allowed(CommandParameterInfo parameter, Type type) =>
        type.IsEnum ? Enum.GetNames(type) : [.. parameter.Attributes.OfType<OneOfAttribute>().SelectMany(set => set.Values)];

    private static IEnumerable<string> Explained(Type type) => type.IsEnum
        ? Enum.GetNames(type).Select(name => $"- {name}: {XmlComments.Summary(type.GetField(name)!)}")
        : [];

    private static string Range(CommandParameterInfo parameter) =>
        parameter.Attributes.OfType<InRangeAttribute>().FirstOrDefault() is { } range ? $" Allowed: {range.Words}." : "";
}
