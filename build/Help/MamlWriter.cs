using System.Management.Automation;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Mammo.Help;

/// <summary>Writes help in the format that Get-Help reads for cmdlets of an assembly (MAML).</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static string Write(IEnumerable<CmdletHelp> cmdlets)
    {
        var root = new XElement(
            Help + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XComment(" Written by build/Help from the code's comments and docs/cmdlets; changes belong there. "),
            cmdlets.Select(Item));
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(
            stream, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
            new XDocument(root).Save(writer);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static XElement Item(CmdletHelp cmdlet) => new(
        Command + "command",
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Name.Split('-')[0]),
            new XElement(Command + "noun", cmdlet.Name.Split('-')[1]),
            new XElement(Maml + "description", Para(cmdlet.Synopsis))),
        new XElement(Maml + "description", cmdlet.Description.Select(Para)),
        new XElement(Command + "syntax", cmdlet.Syntaxes.Select(syntax => Syntax(cmdlet, syntax))),
        new XElement(Command + "parameters", cmdlet.Parameters.Select(Parameter)),
        new XElement(Command + "inputTypes", Types(cmdlet.Inputs, Command + "inputType")),
        new XElement(Command + "returnValues", Types(cmdlet.Outputs.Select(type => (type, XmlComments.Summary(type))), Command + "returnValue")),
        new XElement(Maml + "alertSet", new XElement(Maml + "alert", cmdlet.Page.Notes.Select(Para))),
        new XElement(Command + "examples", cmdlet.Page.Examples.Select(Example)),
        new XElement(Command + "relatedLinks", cmdlet.Page.Links.Select(Link)));

    private static XElement Para(string text) => new(Maml + "para", text);

    private static XElement Syntax(CmdletHelp cmdlet, IEnumerable<CommandParameterInfo> syntax) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        syntax.Select(parameter =>
        {
            var help = cmdlet.Parameters.First(item => item.Name == parameter.Name);
            return new XElement(
                Command + "parameter",
                Attributes(parameter.IsMandatory, ParameterHelp.PositionText(parameter.Position), ParameterHelp.PipelineText([parameter]), help),
                new XElement(Maml + "name", parameter.Name),
                help.Values.Count > 0 ? Group(help) : help.IsSwitch ? null : Value(help));
        }));

    private static XElement Parameter(ParameterHelp parameter) => new(
        Command + "parameter",
        Attributes(parameter.IsMandatory, parameter.Position, parameter.Pipeline, parameter),
        new XElement(Maml + "name", parameter.Name),
        new XElement(Maml + "description", parameter.Description.Select(Para)),
        Value(parameter),
        new XElement(Dev + "type", new XElement(Maml + "name", parameter.TypeName), new XElement(Maml + "uri")),
        new XElement(Dev + "defaultValue", parameter.Default));

    private static XElement Value(ParameterHelp parameter) => new(
        Command + "parameterValue", new XAttribute("required", parameter.IsSwitch ? "false" : "true"), new XAttribute("variableLength", "false"),
        parameter.TypeName);

    private static XElement Group(ParameterHelp parameter) => new(
        Command + "parameterValueGroup",
        parameter.Values.Select(
            value => new XElement(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value)));

    private static XAttribute[] Attributes(bool isMandatory, string position, string pipeline, ParameterHelp parameter) =>
    [
        new("required", isMandatory),
        new("variableLength", parameter.Type.IsArray),
        new("globbing", parameter.HasWildcards),
        new("pipelineInput", pipeline),
        new("position", position),
        new("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
    ];

    private static IEnumerable<XElement> Types(IEnumerable<(Type Type, string Description)> types, XName name) => types
        .Select(pair => (pair.Type.FullName!, pair.Description))
        .DefaultIfEmpty(("None", ""))
        .Select(
            pair => new XElement(
                name, new XElement(Dev + "type", new XElement(Maml + "name", pair.Item1)), new XElement(Maml + "description", Para(pair.Item2))));

    private static XElement Example(HelpExample example, int index) => new(
        Command + "example",
        new XElement(Maml + "title", $"---- Example {index + 1}: {example.Title} ----"),
        new XElement(Dev + "code", example.Code),
        // Get-Help leaves no line free between one example and the next.
        new XElement(Dev + "remarks", example.Remarks.Append("").Select(Para)));

    private static XElement Link(string link) => new(
        Maml + "navigationLink",
        new XElement(Maml + "linkText", link),
        new XElement(Maml + "uri"));
}
