using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mammo.Help;

/// <summary>The XML documentation comments of Mammo's assemblies as plain text.</summary>
internal static partial class XmlComments
{
    private static readonly Lazy<Dictionary<string, XElement>> Members = new(Read);

    /// <summary>What the summary of a type, property or enum value says; empty where there is none.</summary>
    public static string Summary(MemberInfo member) => Paragraphs(member, "summary").FirstOrDefault("");

    /// <summary>The paragraphs of a type's remarks.</summary>
    public static IReadOnlyList<string> Remarks(Type type) => Paragraphs(type, "remarks");

    private static List<string> Paragraphs(MemberInfo member, string section) =>
        Members.Value.GetValueOrDefault(Id(member))?.Element(section) is not { } element
            ? []
            : [.. element.Elements("para").DefaultIfEmpty(element).Select(Text).Where(text => text.Length > 0)];

    private static string Id(MemberInfo member) => member switch
    {
        Type type => "T:" + type.FullName,
        PropertyInfo property => $"P:{property.DeclaringType!.FullName}.{property.Name}",
        FieldInfo field => $"F:{field.DeclaringType!.FullName}.{field.Name}",
        _ => throw new ArgumentException($"Comments of {member} are not looked up.", nameof(member)),
    };

    private static string Text(XElement element) => Space().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see when (see.Attribute("cref") ?? see.Attribute("langword")) is { } target =>
            target.Value[(target.Value.LastIndexOfAny(['.', ':']) + 1)..],
        XElement { Name.LocalName: "paramref" } parameter => parameter.Attribute("name")!.Value,
        XElement element => Text(element),
        _ => "",
    };

    private static Dictionary<string, XElement> Read()
    {
        // The module's own folder holds libraries alone, so that file stays where the compiler put it.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var files = Directory.GetFiles(AppContext.BaseDirectory, "Mammo.*.xml")
            .Append(Path.Combine(Repository.Folder, "src", "Mammo.PowerShell", "obj", configuration, "Mammo.PowerShell.xml"));
        return files.SelectMany(file => XDocument.Load(file).Descendants("member"))
            .Select(member => (Name: member.Attribute("name")!.Value, Member: member))
            .Where(pair => pair.Name[1..].StartsWith(":Mammo.", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Name, pair => pair.Member, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
