SHELL := bash
FORCE: ;
$(MAKEFILE_LIST): ;
%: FORCE
	@. $(HERE)/note.sh; as_process agent $@ bash $(HERE)/one-claude.sh $@
