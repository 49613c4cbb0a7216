#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compile, archive or link one .vcxproj with MinGW: the work of CL, RC, LIB and LINK for Microsoft.Cpp.targets beside this file.

xbuild says the items and the properties; what the ItemDefinitionGroups of the project and its .props say is read here, because
xbuild ignores them. Every setting has its translation, or stands among those without a counterpart; one that is in neither list
is an error, so that nothing the solution says passes unread. The libraries of PLATEN_DEPS are all offered to the linker, as
vcpkg does with what it has installed. Objects that are newer than all they were made from stay.
"""
import argparse
import concurrent.futures
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as xml

TOOLS = "x86_64-w64-mingw32ucrt-"
NS = "{http://schemas.microsoft.com/developer/msbuild/2003}"
DEPS = os.environ["PLATEN_DEPS"]

# (element, setting, value) -> words for the compiler or linker
TRANSLATED = {
    ("ClCompile", "LanguageStandard_C", "stdc17"): ["-std=c17"],
    ("ClCompile", "WarningLevel", "Level4"): ["-Wall", "-Wextra", "-Wno-format-truncation"],
    ("ClCompile", "Optimization", "Disabled"): ["-O0"],
    ("ClCompile", "Optimization", "MaxSpeed"): ["-O2"],
    ("ClCompile", "AdditionalOptions", "/utf-8 /experimental:c11atomics"): [],  # GCC's ways anyhow
    ("ClCompile", "FunctionLevelLinking", "true"): ["-ffunction-sections", "-fdata-sections"],
    ("Link", "SubSystem", "Console"): ["-mconsole"],
    ("Link", "SubSystem", "Windows"): ["-mwindows"],
    ("Link", "OptimizeReferences", "true"): ["-Wl,--gc-sections"],
}
# Of Microsoft's compiler only, or without effect on what is proved here.
WITHOUT_COUNTERPART = {
    "RuntimeLibrary", "ControlFlowGuard", "MultiProcessorCompilation", "DebugInformationFormat", "GenerateDebugInformation",
    "EnableCOMDATFolding",
}
# Translated where they are used.
USED = {"PreprocessorDefinitions", "AdditionalIncludeDirectories", "AdditionalDependencies", "ModuleDefinitionFile"}


def fail(text):
    sys.exit(f"mingw.py: error: {text}")


def slashes(path):
    return path.replace("\\", "/")


class Definitions:
    """The ItemDefinitionGroups of a project, in the order of its imports."""

    def __init__(self, properties):
        self.properties = properties
        self.settings = {"ClCompile": {}, "ResourceCompile": {}, "Link": {}}

    def expand(self, text):
        def value(match):
            if match[1] not in self.properties:
                fail(f"the property {match[1]} stands in a setting; Microsoft.Cpp.targets must hand it on")
            return self.properties[match[1]]
        return re.sub(r"\$\(([A-Za-z_]+)\)", value, text)

    def holds(self, condition):
        match = re.fullmatch(r"\s*'([^']*)'\s*==\s*'([^']*)'\s*", self.expand(condition or "''==''"))
        if not match:
            fail(f"a condition of another form: {condition}")
        return match[1] == match[2]

    def read(self, path):
        for element in xml.parse(path).getroot().iter():
            tag = element.tag.removeprefix(NS)
            if tag == "Import":
                other = slashes(self.expand(element.get("Project")))
                if not other.endswith(".targets"):
                    self.read(os.path.join(os.path.dirname(path), other))
            elif tag == "ItemDefinitionGroup" and self.holds(element.get("Condition")):
                for item in element:
                    settings = self.settings[item.tag.removeprefix(NS)]
                    for setting in item:
                        name, text = setting.tag.removeprefix(NS), self.expand(setting.text or "")
                        settings[name] = text.replace(f"%({name})", settings.get(name, ""))
        return self

    def values(self, element, name):
        return [v for v in self.settings[element].get(name, "").split(";") if v]

    def words(self, element):
        words = []
        for name, value in self.settings[element].items():
            value = value.strip()
            if name in USED or name in WITHOUT_COUNTERPART:
                continue
            if (element, name, value) not in TRANSLATED:
                fail(f"{element} has {name}={value}, for which no translation is written")
            words += TRANSLATED[element, name, value]
        return words


class Project:
    def __init__(self, args):
        self.properties = dict(pair.split("=", 1) for pair in args.set)
        self.folder = os.path.dirname(args.project)
        self.definitions = Definitions(self.properties).read(args.project)
        self.out, self.objects_dir = (os.path.join(self.folder, slashes(self.properties[p])) for p in ("OutDir", "IntDir"))
        self.name = self.properties["TargetName"]
        self.references = args.reference
        self.sources = [(kind, *word.split("|")) for kind in ("ClCompile", "ResourceCompile") for word in getattr(args, kind)]
        os.makedirs(self.out, exist_ok=True)
        os.makedirs(self.objects_dir, exist_ok=True)

    def path(self, path):
        return os.path.normpath(os.path.join(self.folder, slashes(path)))

    def object_of(self, source, named):
        if named:
            return self.path(self.definitions.expand(named))
        return os.path.join(self.objects_dir, os.path.splitext(os.path.basename(source))[0] + ".obj")

    def compile_command(self, kind, source, object_file):
        d = self.definitions
        include = [f"-I{self.path(i)}" for i in d.values(kind, "AdditionalIncludeDirectories")]
        define = [f"-D{x}" for x in d.values(kind, "PreprocessorDefinitions")]
        if kind == "ResourceCompile":
            return [TOOLS + "windres", "-O", "coff", *define, *include, *d.words(kind), source, object_file]
        return [TOOLS + "gcc", *d.words(kind), *define, *include, "-isystem", DEPS + "/include", "-MMD", "-c", source, "-o", object_file]

    def link_command(self, objects):
        d = self.definitions
        target = {"Application": ".exe", "DynamicLibrary": ".dll", "StaticLibrary": ".lib"}[self.properties["ConfigurationType"]]
        target = os.path.join(self.out, self.name + target)
        if target.endswith(".lib"):
            return target, [TOOLS + "ar", "rcs", target, *objects], objects
        ours = [os.path.join(self.out, r + ".lib") for r in self.references]
        theirs = [os.path.join(DEPS, "lib", f) for f in sorted(os.listdir(DEPS + "/lib")) if f.endswith(".a")]
        system = dict.fromkeys("-l" + x.removesuffix(".lib") for x in d.values("Link", "AdditionalDependencies"))
        exports = [self.path(f) for f in d.values("Link", "ModuleDefinitionFile")]
        words = d.words("Link") + ["-static"]
        if target.endswith(".dll"):
            words += ["-shared"]
        elif self.wide(objects):
            words += ["-municode"]
        return target, [TOOLS + "gcc", *words, "-o", target, *objects, *exports, "-Wl,--start-group", *ours, *theirs, "-Wl,--end-group",
                        *system], [*objects, *ours, *exports]

    # LINK takes the start-up code of wmain or wWinMain by itself.
    def wide(self, objects):
        names = subprocess.run([TOOLS + "nm", *objects], check=True, capture_output=True, text=True).stdout
        return re.search(r" T (wmain|wWinMain)$", names, re.M) is not None

    # What an object was made from: the compiler's list, or, for a script, the script and the manifest beside it.
    def inputs(self, kind, source, object_file):
        if kind == "ResourceCompile":
            folder = os.path.dirname(source)
            return [os.path.join(folder, f) for f in os.listdir(folder)]
        try:
            with open(os.path.splitext(object_file)[0] + ".d", encoding="utf-8") as f:
                return shlex.split(f.read().replace("\\\n", " "))[1:]
        except FileNotFoundError:
            return [source]

    def make(self, command, target, inputs):
        """Runs the command unless the target is newer than its inputs and was made by the same command."""
        note = os.path.join(self.objects_dir, os.path.basename(target) + ".cmd")
        try:
            with open(note, encoding="utf-8") as f:
                if f.read() == repr(command) and all(os.path.getmtime(i) <= os.path.getmtime(target) for i in inputs):
                    return 0
        except OSError:
            pass
        if command[0].endswith("ar") and os.path.exists(target):
            os.remove(target)
        done = subprocess.run(command, capture_output=True, text=True)
        if done.stdout or done.stderr:
            print(done.stdout + done.stderr, end="", flush=True)
        if done.returncode != 0:
            fail(f"{self.name}: {shlex.join(command)}")
        with open(note, "w", encoding="utf-8") as f:
            f.write(repr(command))
        return 1

    def build(self):
        objects, work = [], []
        for kind, source, named in self.sources:
            object_file = self.object_of(source, named)
            if object_file in objects:
                fail(f"{self.name}: two sources make {object_file}")
            objects.append(object_file)
            work.append((self.compile_command(kind, source, object_file), object_file, self.inputs(kind, source, object_file)))
        with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("PLATEN_JOBS") or os.cpu_count())) as pool:
            compiled = sum(pool.map(lambda w: self.make(*w), work))
        target, command, inputs = self.link_command(objects)
        linked = self.make(command, target, inputs)
        print(f"{os.path.basename(target)}: {compiled} of {len(objects)} compiled" + (", written" if linked else ""), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", required=True)
    for words in ("set", "ClCompile", "ResourceCompile", "reference"):
        parser.add_argument("--" + words, action="append", default=[])
    Project(parser.parse_args()).build()


main()
