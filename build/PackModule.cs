using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Packs a module's files as a NuGet package, as PowerShell galleries and folder repositories take it: the files at the package's root beside a .nuspec, and in
/// SHA256SUMS the hash of each of them (<c>sha256sum -c SHA256SUMS</c>). The same files give the same bytes: names are sorted, times are fixed.
/// </summary>
/// <remarks>Layout: Open Packaging Conventions (ECMA-376 part 2), "[Content_Types].xml" and "_rels/.rels"; NuGet's ".nuspec reference".</remarks>
public sealed class PackModule : Task
{
    // The earliest time that a zip can hold.
    private static readonly DateTimeOffset Time = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The files; the metadata ModulePath is the path within the module.</summary>
    [Required]
    public ITaskItem[] Files { get; set; }

    /// <summary>The package to write.</summary>
    [Required]
    public string Package { get; set; }

    [Required]
    public string Version { get; set; }

    /// <summary>Label of a preview, without the hyphen.</summary>
    public string Prerelease { get; set; }

    /// <summary>Addresses that the manifest, and the help of each cmdlet, name: of the project, of its icon, of the pages in docs/cmdlets, of updatable
    /// help.</summary>
    public string ProjectUri { get; set; }

    public string IconUri { get; set; }

    public string HelpUri { get; set; }

    /// <summary>Where updatable help is to be found; what has to be put there is written to the folder help beside the package.</summary>
    public string HelpInfoUri { get; set; }

    public override bool Execute()
    {
        var content = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in Files)
            content[file.GetMetadata("ModulePath").Replace('\\', '/')] = File.ReadAllBytes(file.ItemSpec);
        var manifest = Manifest(Encoding.UTF8.GetString(content["Mammo.psd1"]));
        content["Mammo.psd1"] = Encoding.UTF8.GetBytes(manifest);
        if (!string.IsNullOrEmpty(HelpUri))
            content["en-US/Mammo.PowerShell.dll-Help.xml"] = Help(content["en-US/Mammo.PowerShell.dll-Help.xml"]);
        content["SHA256SUMS"] = Encoding.ASCII.GetBytes(Sums(content));
        content["Mammo.nuspec"] = Encoding.UTF8.GetBytes(Specification(manifest));
        content["_rels/.rels"] = Encoding.UTF8.GetBytes(Relations());
        content["[Content_Types].xml"] = Encoding.UTF8.GetBytes(ContentTypes(content.Keys));

        WriteZip(Package, content);
        if (!string.IsNullOrEmpty(HelpInfoUri))
            WriteUpdatableHelp(Path.Combine(Path.GetDirectoryName(Package), "help"), manifest, content);
        Log.LogMessage(MessageImportance.High, "Package -> {0} ({1:N0} bytes)", Package, new FileInfo(Package).Length);
        return true;
    }

    private static void WriteZip(string path, IEnumerable<KeyValuePair<string, byte[]>> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path));
        File.Delete(path);
        using (var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
        {
            foreach (var file in content)
            {
                var entry = zip.CreateEntry(file.Key, CompressionLevel.Optimal);
                entry.LastWriteTime = Time;
                using (var stream = entry.Open())
                    stream.Write(file.Value, 0, file.Value.Length);
            }
        }
    }

    // What Update-Help and Save-Help look for, as "Supporting Updatable Help" of PowerShell's documentation has it. PowerShell on Windows takes the same files
    // in a cabinet, which only a tool of Windows makes; see CONTRIBUTING.
    private void WriteUpdatableHelp(string folder, string manifest, SortedDictionary<string, byte[]> content)
    {
        const string Culture = "en-US";
        XNamespace ns = "http://schemas.microsoft.com/powershell/help/2010/05";
        var name = "Mammo_" + Regex.Match(manifest, @"^\s*GUID\s*=\s*'([^']+)'", RegexOptions.Multiline).Groups[1].Value + "_";
        WriteZip(
            Path.Combine(folder, name + Culture + "_HelpContent.zip"),
            content.Where(file => file.Key.StartsWith(Culture + "/", StringComparison.Ordinal))
                .Select(file => new KeyValuePair<string, byte[]>(file.Key.Substring(Culture.Length + 1), file.Value)));
        new XDocument(new XElement(ns + "HelpInfo",
            new XElement(ns + "HelpContentURI", HelpInfoUri.TrimEnd('/') + "/"),
            new XElement(ns + "SupportedUICultures", new XElement(ns + "UICulture",
                new XElement(ns + "UICultureName", Culture),
                new XElement(ns + "UICultureVersion", Version + ".0"))))).Save(Path.Combine(folder, name + "HelpInfo.xml"));
    }

    private static string Sums(SortedDictionary<string, byte[]> content)
    {
        using (var sha = SHA256.Create())
            return string.Concat(content.Select(file => BitConverter.ToString(sha.ComputeHash(file.Value)).Replace("-", "").ToLowerInvariant()
                + "  " + file.Key + "\n"));
    }

    // What only a publisher knows is in no file of the repository.
    private string Manifest(string text)
    {
        var more = new[] { ("ProjectUri", ProjectUri), ("IconUri", IconUri), ("Prerelease", Prerelease) }
            .Where(pair => !string.IsNullOrEmpty(pair.Item2)).Select(pair => "      " + pair.Item1 + " = '" + pair.Item2.Replace("'", "''") + "'\n");
        text = text.Replace("      LicenseUri", string.Concat(more) + "      LicenseUri");
        return string.IsNullOrEmpty(HelpInfoUri) ? text : text.Replace("  GUID", "  HelpInfoURI = '" + HelpInfoUri.Replace("'", "''") + "'\n  GUID");
    }

    // Get-Help -Online opens the first address among the related links.
    private byte[] Help(byte[] file)
    {
        XNamespace command = "http://schemas.microsoft.com/maml/dev/command/2004/10", maml = "http://schemas.microsoft.com/maml/2004/10";
        var help = XDocument.Load(new MemoryStream(file));
        foreach (var cmdlet in help.Descendants(command + "command"))
        {
            var name = (string)cmdlet.Element(command + "details").Element(command + "name");
            cmdlet.Element(command + "relatedLinks").AddFirst(new XElement(maml + "navigationLink",
                new XElement(maml + "linkText", "Online"), new XElement(maml + "uri", HelpUri.TrimEnd('/') + "/" + name + ".md")));
        }

        using (var stream = new MemoryStream())
        {
            help.Save(stream);
            return stream.ToArray();
        }
    }

    private string Specification(string manifest)
    {
        XNamespace ns = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";
        string Value(string key) =>
            Regex.Match(manifest, @"^\s*" + key + @"\s*=\s*'((?:[^']|'')*)'", RegexOptions.Multiline).Groups[1].Value.Replace("''", "'");
        IEnumerable<string> Names(string key) =>
            Regex.Matches(Regex.Match(manifest, key + @" = @\(([^)]*)\)").Groups[1].Value, "'([^']+)'").Cast<Match>().Select(match => match.Groups[1].Value);
        var cmdlets = Names("CmdletsToExport").ToArray();
        var tags = new[] { "PSModule", "PSIncludes_Cmdlet" }.Concat(Names("Tags"))
            .Concat(cmdlets.Select(name => "PSCmdlet_" + name)).Concat(cmdlets.Concat(Names("AliasesToExport")).Select(name => "PSCommand_" + name));
        XElement Optional(string name, string value) => string.IsNullOrEmpty(value) ? null : new XElement(ns + name, value);
        return new XDocument(new XElement(ns + "package", new XElement(ns + "metadata",
            new XElement(ns + "id", "Mammo"),
            new XElement(ns + "version", Version + (string.IsNullOrEmpty(Prerelease) ? "" : "-" + Prerelease)),
            new XElement(ns + "authors", Value("Author")),
            new XElement(ns + "requireLicenseAcceptance", "false"),
            new XElement(ns + "license", new XAttribute("type", "expression"), "MIT"),
            Optional("projectUrl", ProjectUri),
            Optional("iconUrl", IconUri),
            new XElement(ns + "description", Value("Description")),
            new XElement(ns + "releaseNotes", Value("ReleaseNotes")),
            new XElement(ns + "copyright", Value("Copyright")),
            new XElement(ns + "tags", string.Join(" ", tags))))).ToString() + "\n";
    }

    private static string Relations() =>
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + "<Relationship Type=\"http://schemas.microsoft.com/packaging/2010/07/manifest\" Target=\"/Mammo.nuspec\" Id=\"R1\" /></Relationships>\n";

    private static string ContentTypes(IEnumerable<string> names)
    {
        var extensions = names.Select(name => Path.GetExtension(name).TrimStart('.').ToLowerInvariant())
            .Where(extension => extension.Length > 0).Concat(new[] { "rels" })
            .Distinct().OrderBy(extension => extension, StringComparer.Ordinal);
        var parts = names.Where(name => Path.GetExtension(name).Length == 0 && !name.EndsWith("/.rels", StringComparison.Ordinal));
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
            + string.Concat(extensions.Select(extension => "<Default Extension=\"" + extension + "\" ContentType=\""
                + (extension == "rels" ? "application/vnd.openxmlformats-package.relationships+xml" : "application/octet-stream") + "\" />"))
            + string.Concat(parts.Select(part => "<Override PartName=\"/" + part + "\" ContentType=\"application/octet-stream\" />")) + "</Types>\n";
    }
}
