using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text;
using System.Xml.Linq;
using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.PowerShell.Common;
using Mammo.Tests.PowerShell;
using Mammo.Torch.Training;

namespace Mammo.Tests.Module;

/// <summary>All that scripts and programs can name of Mammo, as text: one thing a line, so that a difference shows what was added, changed or lost.</summary>
internal static class PublicSurface
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Lazy<HashSet<Type>> PublicTypes = new(() => [.. Assemblies().SelectMany(assembly => assembly.GetExportedTypes())]);

    // Written into variables that a parameter names, which no output type tells.
    private static readonly Type[] InVariables = [typeof(DatasetSummary), typeof(EpochRecord)];

    public static string Describe()
    {
        var cmdlets = Cmdlets();
        var reached = Reached(cmdlets.SelectMany(Named).Concat(InVariables));
        var text = new StringBuilder();
        Section(text, "Cmdlets", cmdlets.SelectMany(Lines));
        Section(text, "Error ids", typeof(ErrorIds).GetFields(Own).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal));
        Section(text, "Views", Views());
        Section(text, "Types that scripts meet: as parameters, as outputs and in what these hold", ByName(reached).SelectMany(Lines));
        Section(text, "Other public types", ByName(PublicTypes.Value.Except(reached)).Select(type => $"{Name(type)}  {Kind(type)}  {type.Namespace}"));
        return text.ToString();
    }

    private static CmdletInfo[] Cmdlets()
    {
        using var session = new Session();
        var names = Session.Cmdlets().Select(cmdlet => cmdlet.Name).Order(StringComparer.Ordinal);
        return [.. names.Select(name => (CmdletInfo)session.Run("Get-Command " + name)[0])];
    }

    /// <summary>Each view with its columns or lines, what PowerShell adds to each type, and what it shows of one that has no view.</summary>
    private static IEnumerable<string> Views()
    {
        foreach (var view in ModuleFile("Mammo.format.ps1xml").Descendants("View"))
        {
            var headers = view.Descendants("TableColumnHeader").Select(header => header.Element("Label")?.Value ?? "");
            var columns = headers.Zip(view.Descendants("TableColumnItem"), (label, item) => label.Length > 0 ? label : item.Element("PropertyName")!.Value);
            var items = view.Descendants("ListItem").Select(item => (item.Element("Label") ?? item.Element("PropertyName"))!.Value);
            var form = view.Element("ListControl") is null ? "table" : "list";
            yield return $"{Values(view.Descendants("TypeName"))} as {form}: {string.Join(", ", columns.Concat(items))}";
        }

        foreach (var type in ModuleFile("Mammo.types.ps1xml").Descendants("Type"))
        {
            var added = type.Elements("Members").Elements("ScriptProperty").Elements("Name");
            var shown = type.Descendants("ReferencedProperties").Elements("Name");
            yield return $"{type.Element("Name")!.Value} in other output: {Values(shown)}; added: {Values(added)}";
        }

        static XDocument ModuleFile(string name) => XDocument.Load(Path.Combine(Shared.Repository, "module", name));
        static string Values(IEnumerable<XElement> elements) => string.Join(", ", elements.Select(element => element.Value).DefaultIfEmpty("nothing"));
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        text.Append(text.Length == 0 ? "" : "\n").Append("# ").Append(title).Append('\n');
        text.AppendJoin('\n', lines).Append('\n');
    }

    private static IEnumerable<string> Lines(CmdletInfo cmdlet)
    {
        var outputs = cmdlet.OutputType.Select(output => output.Type is null ? output.Name : Name(output.Type));
        yield return $"{cmdlet.Name} -> {string.Join(", ", outputs.DefaultIfEmpty("nothing"))}";
        var own = cmdlet.Parameters.Where(pair => !Cmdlet.CommonParameters.Contains(pair.Key));
        foreach (var (name, parameter) in own.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var aliases = parameter.Aliases.Count == 0 ? "" : $" ({string.Join(", ", parameter.Aliases)})";
            var sets = parameter.ParameterSets.OrderBy(set => set.Key, StringComparer.Ordinal)
                .Select(set => Set(set.Key, set.Value)).Where(set => set.Length > 0);
            var values = parameter.Attributes.OfType<OneOfAttribute>().Select(set => "of " + string.Join(", ", set.Values));
            yield return $"  -{name}{aliases} {Name(parameter.ParameterType)}" + string.Concat(sets.Concat(values).Select(part => "; " + part));
        }
    }

    // A named parameter of every set needs no words.
    private static string Set(string name, ParameterSetMetadata set)
    {
        string?[] words =
        [
            name == ParameterAttribute.AllParameterSets ? null : name,
            set.IsMandatory ? "mandatory" : null,
            set.Position < 0 ? null : "position " + set.Position.ToString(CultureInfo.InvariantCulture),
            set.ValueFromPipeline ? "from the pipeline" : null,
            set.ValueFromPipelineByPropertyName ? "by property name" : null,
            set.ValueFromRemainingArguments ? "the rest" : null,
        ];
        return string.Join(' ', words.OfType<string>());
    }

    private static IEnumerable<string> Lines(Type type)
    {
        var parent = type is { IsEnum: false, IsValueType: false, BaseType: { } above } && IsOurs(above) ? " : " + Name(above) : "";
        yield return $"{Name(type)}{parent}  {Kind(type)}  {type.Namespace}";
        foreach (var line in type.IsEnum ? Enum.GetNames(type).Select(name => $"  {name} = {Enum.Format(type, Enum.Parse(type, name), "d")}") : Members(type))
            yield return line;
    }

    private static IEnumerable<string> Members(Type type)
    {
        var properties = type.GetProperties(Own).Select(property => $"  {property.Name} {Name(property.PropertyType)}");
        var fields = type.GetFields(Own).Select(field => $"  {field.Name} {Name(field.FieldType)}");
        // What a compiler adds to every record says nothing.
        var methods = type.GetMethods(Own)
            .Where(method => !method.IsSpecialName && method.Name[0] != '<')
            .Where(method => method.Name is not ("Deconstruct" or "Equals" or "GetHashCode" or "GetType" or "ToString"))
            .Select(method => $"  {method.Name}({Parameters(method)}) {Name(method.ReturnType)}");
        return properties.Concat(fields).Order(StringComparer.Ordinal).Concat(methods.Order(StringComparer.Ordinal));
    }

    private static string Parameters(MethodInfo method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}"));

    /// <summary>Our types among those given and all that their properties and methods lead to, down to what is derived from them.</summary>
    private static HashSet<Type> Reached(IEnumerable<Type> starts)
    {
        var reached = new HashSet<Type>();
        var waiting = new Queue<Type>(starts);
        while (waiting.TryDequeue(out var next))
        {
            foreach (var part in Parts(next))
                waiting.Enqueue(part);
            if (!IsOurs(next) || !reached.Add(next))
                continue;
            foreach (var method in next.GetMethods(BindingFlags.Public | BindingFlags.Instance))
                waiting.Enqueue(method.ReturnType);
            foreach (var derived in PublicTypes.Value.Where(type => type.BaseType == next))
                waiting.Enqueue(derived);
        }

        return reached;
    }

    private static IEnumerable<Type> Named(CmdletInfo cmdlet) =>
        cmdlet.OutputType.Select(output => output.Type).OfType<Type>().Concat(cmdlet.Parameters.Values.Select(parameter => parameter.ParameterType));

    private static IEnumerable<Type> Parts(Type type) => type.IsArray ? [type.GetElementType()!] : type.IsGenericType ? type.GetGenericArguments() : [];

    private static bool IsOurs(Type type) => type is { IsArray: false, IsGenericType: false } && PublicTypes.Value.Contains(type);

    private static IEnumerable<Type> ByName(IEnumerable<Type> types) =>
        types.OrderBy(Name, StringComparer.Ordinal).ThenBy(type => type.Namespace, StringComparer.Ordinal);

    private static HashSet<Assembly> Assemblies()
    {
        var found = new HashSet<Assembly>();
        var waiting = new Queue<Assembly>([typeof(MammoCmdlet).Assembly]);
        while (waiting.TryDequeue(out var next))
        {
            if (!found.Add(next))
                continue;
            foreach (var name in next.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Mammo.", StringComparison.Ordinal)))
                waiting.Enqueue(Assembly.Load(name));
        }

        return found;
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Name(Type type) => type switch
    {
        { IsByRef: true } => "ref " + Name(type.GetElementType()!),
        { IsArray: true } => Name(type.GetElementType()!) + "[]",
        { IsGenericParameter: true } => type.Name,
        { IsNested: true, IsGenericType: false } => $"{Name(type.DeclaringType!)}.{type.Name}",
        { IsGenericType: true } when Nullable.GetUnderlyingType(type) is { } value => Name(value) + "?",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.Name,
    };
}
